//! The live preview's server: pages from memory, patches over a WebSocket, findings beside them.
//!
//! It listens on this machine only unless told otherwise, answers only to its own name and its own pages (`door`), and acts
//! only for who holds the token of this run.

mod api;
pub mod desktop;
mod door;

use super::failure::caught;
use super::sandbox::broker::{Broker, Grants};
use super::sandbox::{self, Limits};
use super::watch::Watch;
use super::{Error, disk::DiskWorld};
use crate::base::{Date, RelPath};
use crate::pipeline::Project;
use crate::preview::{Live, Status};
use crate::report::count;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{StatusCode, Uri, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::broadcast;

const SCRIPT: &str = include_str!("../../../themes/oathbook/preview.js");

/// What to serve, and where.
pub struct Options {
    /// The folder of the book, as given.
    pub folder: PathBuf,
    /// Nothing outside of this is read.
    pub boundary: Option<PathBuf>,
    /// The date of the run.
    pub today: Date,
    /// The address to listen on.
    pub host: String,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// Look at files again and again instead of waiting to be told.
    pub poll: bool,
    /// Show the first page in a browser.
    pub open: bool,
    /// mdBook's environment variables.
    pub overrides: Vec<(String, String)>,
    /// Called with lines for the terminal.
    pub say: Box<dyn Fn(&str) + Send + Sync>,
}

/// What all requests share.
struct Server {
    options: Options,
    live: RwLock<Live>,
    status: Mutex<Option<Status>>,
    clients: broadcast::Sender<String>,
    token: String,
    /// Starts the editor and the browser; none where no other process could be started.
    desk: Mutex<Option<Broker>>,
    /// Counts batches of changes: a check that began before the last one is outdated.
    generation: AtomicU64,
    /// The last check panicked.
    failed: AtomicBool,
}

/// Serves until the process ends.
///
/// # Errors
/// When the folder cannot be opened, the theme cannot be used, or the address is taken.
pub fn run(options: Options, project: Project) -> Result<(), Error> {
    let begin = Instant::now();
    let (world, _) = open(&options)?;
    let place = format!("{}:{}", options.host, options.port);
    let listener = std::net::TcpListener::bind((options.host.as_str(), options.port))
        .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
        .map_err(|cause| Error::new("listen on", &place, cause))?;
    let desk = Broker::start(&Grants { desktop: Some(world.root().to_owned()), ..Grants::default() });
    // The listening socket stays; from here on the preview opens no other, starts git alone and writes nothing.
    if desk.is_some() {
        sandbox::apply(&Limits::default());
    }
    let live = Live::load(&world, project, options.overrides.clone())
        .map_err(|cause| Error::new("load the theme of", &options.folder, cause).for_the_user())?;
    let server = Arc::new(Server {
        live: RwLock::new(live),
        status: Mutex::new(None),
        clients: broadcast::channel(256).0,
        token: token(),
        generation: AtomicU64::new(0),
        failed: AtomicBool::new(false),
        desk: Mutex::new(desk),
        options,
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|cause| Error::new("start", "the server", cause))?;
    runtime.block_on(serve(server, listener, begin))
}

fn open(options: &Options) -> Result<(DiskWorld, RelPath), Error> {
    DiskWorld::open(&options.folder, options.boundary.as_deref(), options.today)
}

/// 128 bits that no page can guess: the standard library's randomly keyed hasher, twice.
fn token() -> String {
    use std::hash::{BuildHasher as _, RandomState};
    format!("{:016x}{:016x}", RandomState::new().hash_one(1), RandomState::new().hash_one(2))
}

async fn serve(server: Arc<Server>, listener: std::net::TcpListener, begin: Instant) -> Result<(), Error> {
    let listener = tokio::net::TcpListener::from_std(listener)
        .map_err(|cause| Error::new("listen on", &server.options.host, cause))?;
    let address =
        listener.local_addr().map_or_else(|_| server.options.host.clone(), |address| address.to_string());
    let pages = server.read().checked().site.pages.len();
    let seconds = begin.elapsed().as_secs_f32();
    server.say(&format!(
        "{pages} pages at http://{address}/ after {seconds:.2} s; an edit is shown as you save it"
    ));
    if server.options.open && !server.at_the_desk(|desk| desk.browse(&format!("http://{address}/"))) {
        server.say("no browser could be started; open the address above, or name one in BROWSER");
    }
    let watched = Arc::clone(&server);
    std::thread::spawn(move || watch(&watched));
    let name: Arc<str> = server.options.host.as_str().into();
    let router = Router::new()
        .route("/__preview/ws", any(socket))
        .route("/__preview/client.js", get(script))
        .route("/__preview/open", post(api::open))
        .route("/__preview/api/status", get(api::status))
        .route("/__preview/api/findings", get(api::findings))
        .route("/__preview/api/search", get(api::search))
        .route("/__preview/api/claims", get(api::claims))
        .route("/__preview/api/pages", get(api::pages))
        .route("/__preview/api/openapi.json", get(api::document))
        .fallback(page)
        .layer(middleware::from_fn(move |request, next| door::guard(Arc::clone(&name), request, next)))
        .with_state(server);
    door::serve(listener, router).await;
    Ok(())
}

impl Server {
    /// Asks the process that may start programs; whether it did.
    fn at_the_desk(&self, ask: impl FnOnce(&mut Broker) -> bool) -> bool {
        let mut desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        desk.as_mut().is_some_and(ask)
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Live> {
        self.live.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Live> {
        self.live.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn say(&self, line: &str) {
        (self.options.say)(line);
    }

    fn send(&self, message: &serde_json::Value) {
        // Nobody listening is no error.
        let _ = self.clients.send(message.to_string());
    }

    /// Waits for the first check, which follows the first page; a script that asks at once gets the whole answer.
    /// None when the check failed.
    fn judged(&self) -> Option<std::sync::RwLockReadGuard<'_, Live>> {
        loop {
            let live = self.read();
            if live.judged() {
                return Some(live);
            }
            drop(live);
            if self.failed.load(Ordering::SeqCst) {
                return None;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// How the site stands, worked out once for each check.
    fn status(&self) -> Option<Status> {
        let live = self.judged()?;
        let mut known = self.status.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_none() {
            let (world, _) = open(&self.options).ok()?;
            *known = Some(live.status(&world));
        }
        known.clone()
    }

    fn status_message(&self) -> Option<serde_json::Value> {
        let mut message = serde_json::to_value(self.status()?).ok()?;
        message.as_object_mut()?.insert("type".into(), "status".into());
        Some(message)
    }
}

async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT)
}

async fn page(State(server): State<Arc<Server>>, uri: Uri) -> Response {
    let path = crate::base::percent_decode(uri.path().trim_start_matches('/')).into_owned();
    let index = format!(
        "{}index.html",
        if path.is_empty() || path.ends_with('/') { path.clone() } else { format!("{path}/") }
    );
    let wanted = if path.is_empty() || path.ends_with('/') { vec![index] } else { vec![path, index] };
    let Ok((world, _)) = open(&server.options) else {
        return (StatusCode::INTERNAL_SERVER_ERROR, "the folder of the book is gone\n").into_response();
    };
    let live = server.read();
    for (address, status) in wanted
        .iter()
        .map(|address| (address.as_str(), StatusCode::OK))
        .chain([("404.html", StatusCode::NOT_FOUND)])
    {
        match live.answer(&world, address) {
            Some(Ok(bytes)) if media_type(address).starts_with("text/html") => {
                let html = with_script(&bytes, live.shown_at(address), &server.token);
                return (status, [(header::CONTENT_TYPE, media_type(address))], html).into_response();
            }
            Some(Ok(bytes)) => {
                return (
                    status,
                    [(header::CONTENT_TYPE, media_type(address))],
                    Body::from(bytes.into_owned()),
                )
                    .into_response();
            }
            Some(Err(error)) => {
                return (StatusCode::INTERNAL_SERVER_ERROR, format!("{address}: {error}\n")).into_response();
            }
            None => {}
        }
    }
    (StatusCode::NOT_FOUND, "not found\n").into_response()
}

/// The page with the preview's script, which no build contains.
fn with_script(html: &[u8], shown: &str, token: &str) -> String {
    let html = String::from_utf8_lossy(html);
    let mut page = String::new();
    crate::markdown::escape_attribute(shown, &mut page);
    let tag = format!(
        "<script src=\"/__preview/client.js\" data-token=\"{token}\" data-page=\"{page}\" defer></script>\n</body>"
    );
    match html.rfind("</body>") {
        Some(at) => format!("{}{tag}{}", &html[..at], &html[at + "</body>".len()..]),
        None => format!("{html}{tag}"),
    }
}

/// The media type of an address, by its extension.
fn media_type(address: &str) -> &'static str {
    match address.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

async fn socket(State(server): State<Arc<Server>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |socket| converse(socket, server))
}

async fn converse(mut socket: WebSocket, server: Arc<Server>) {
    let mut messages = server.clients.subscribe();
    let known = Arc::clone(&server);
    let status = tokio::task::spawn_blocking(move || known.status_message()).await.ok().flatten();
    if let Some(status) = status
        && socket.send(Message::Text(status.to_string().into())).await.is_err()
    {
        return;
    }
    loop {
        tokio::select! {
            message = messages.recv() => {
                let text = match message {
                    Ok(text) => text,
                    // A browser that slept through messages catches up by looking at its page anew.
                    Err(broadcast::error::RecvError::Lagged(_)) => r#"{"type":"refresh"}"#.to_owned(),
                    Err(broadcast::error::RecvError::Closed) => return,
                };
                if socket.send(Message::Text(text.into())).await.is_err() {
                    return;
                }
            }
            received = socket.recv() => {
                if !matches!(received, Some(Ok(_))) {
                    return;
                }
            }
        }
    }
}

/// Watches the sources: an edited page is sent at once, everything else after the next check.
fn watch(server: &Arc<Server>) {
    let mut watch = match Watch::new(server.options.poll) {
        Ok(watch) => watch,
        Err(error) => return server.say(&format!("edits are not seen: {error}")),
    };
    let (wake, woken) = std::sync::mpsc::channel::<bool>();
    let checker = Arc::clone(server);
    std::thread::spawn(move || check_in_the_background(&checker, &woken));
    // The first reading was shown unchecked; the checker lives as long as this thread.
    let _ = wake.send(true);
    loop {
        add_folders(server, &mut watch);
        let Some(batch) = watch.next_batch() else { return };
        match caught(|| take_batch(server, &batch)) {
            Some(Some(beyond)) => {
                let _ = wake.send(beyond);
            }
            Some(None) => {}
            None => server.say("the edit is not shown; the next one may be"),
        }
    }
}

fn add_folders(server: &Server, watch: &mut Watch) {
    let Ok((world, root)) = open(&server.options) else { return };
    let live = server.read();
    let config = &live.checked().config;
    watch.add(&world.on_disk(&root), false);
    watch.add(&world.on_disk(&config.src), true);
    if let Ok(theme) = config.root.join(config.html.theme.as_deref().unwrap_or("theme")) {
        watch.add(&world.on_disk(&theme), true);
    }
    for folder in config.watch.iter().filter_map(|folder| config.root.join(folder).ok()) {
        watch.add(&world.on_disk(&folder), true);
    }
    let quoted: BTreeSet<RelPath> = live
        .checked()
        .site
        .pages
        .iter()
        .flat_map(|page| &page.doc.facts.includes)
        .map(|include| include.target.parent())
        .filter(|folder| folder.below(&config.src).is_none())
        .collect();
    for folder in &quoted {
        watch.add(&world.on_disk(folder), false);
    }
}

/// Sends what a batch of changes does to pages; whether it reaches beyond them. None if it is nobody's business.
fn take_batch(server: &Server, batch: &BTreeSet<PathBuf>) -> Option<bool> {
    let begin = Instant::now();
    let (world, _) = open(&server.options).ok()?;
    let files: Vec<RelPath> = batch.iter().filter_map(|path| relevant(&world, path)).collect();
    if files.is_empty() {
        return None;
    }
    server.generation.fetch_add(1, Ordering::SeqCst);
    let mut beyond = false;
    for file in &files {
        await_text(&world, file);
        match server.write().edit(&world, file) {
            Some(change) => {
                beyond |= change.beyond;
                if !change.ops.is_empty() {
                    server
                        .send(&serde_json::json!({ "type": "patch", "page": change.url, "ops": change.ops }));
                }
            }
            None => beyond = true,
        }
    }
    let names: Vec<&str> = files.iter().take(3).map(RelPath::as_str).collect();
    let more = if files.len() > 3 { format!(" and {} more", files.len() - 3) } else { String::new() };
    let millis = begin.elapsed().as_secs_f32() * 1_000.0;
    server.say(&format!("{}{more}: shown after {millis:.1} ms", names.join(", ")));
    Some(beyond)
}

/// Many programs save by emptying the file and writing it anew. Whoever reads in between would take every block from
/// the reader and give it back a moment later: details closed, the place lost.
fn await_text(world: &DiskWorld, file: &RelPath) {
    let path = world.on_disk(file);
    for _ in 0..6 {
        if !std::fs::metadata(&path).is_ok_and(|data| data.len() == 0) {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Editors' own files and what oathbook writes are no edits.
fn relevant(world: &DiskWorld, path: &Path) -> Option<RelPath> {
    let below = path.strip_prefix(world.root()).ok()?;
    let own = below.components().any(|part| {
        let name = part.as_os_str().to_string_lossy();
        name.starts_with('.') || name == "node_modules" || name == "target"
    });
    let name = path.file_name()?.to_string_lossy();
    let scratch = name.ends_with('~') || name.ends_with(".swp") || name.ends_with(".tmp") || name == "4913";
    let output = path.ancestors().any(|above| above.join(super::disk::MARKER).exists());
    (!own && !scratch && !output && !path.is_dir())
        .then(|| RelPath::parse(&below.to_string_lossy()).ok())
        .flatten()
}

/// How long nothing must happen before the whole project is checked.
const CALM: Duration = Duration::from_millis(60);

fn check_in_the_background(server: &Server, woken: &std::sync::mpsc::Receiver<bool>) {
    let mut beyond = false;
    while let Ok(first) = woken.recv() {
        beyond |= first;
        while let Ok(further) = woken.recv_timeout(CALM) {
            beyond |= further;
        }
        let checked = caught(|| check_now(server, &mut beyond));
        server.failed.store(checked.is_none(), Ordering::SeqCst);
        if checked.is_none() {
            server.say("the check failed; the next edit is checked anew");
        }
    }
}

fn check_now(server: &Server, beyond: &mut bool) {
    let generation = server.generation.load(Ordering::SeqCst);
    let Ok((world, _)) = open(&server.options) else { return };
    let begin = Instant::now();
    let parts = server.read().recheck_parts();
    let checked = Live::recheck(&world, &parts);
    let mut live = server.write();
    if server.generation.load(Ordering::SeqCst) != generation {
        // An edit came in between: its own wake-up follows, and whether others are concerned is kept till then.
        // Looked at under the lock, since an edit counts up before it takes it.
        return;
    }
    live.replace(&world, checked);
    drop(live);
    *server.status.lock().unwrap_or_else(PoisonError::into_inner) = None;
    if std::mem::take(beyond) {
        server.send(&serde_json::json!({ "type": "refresh" }));
    }
    if let Some(status) = server.status_message() {
        let number = |key: &str| usize::try_from(status[key].as_u64().unwrap_or(0)).unwrap_or(0);
        let (errors, warnings) = (count(number("errors"), "error"), count(number("warnings"), "warning"));
        server.say(&format!("checked in {:.2} s: {errors}, {warnings}", begin.elapsed().as_secs_f32()));
        server.send(&status);
    }
}
