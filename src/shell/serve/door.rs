//! Who is let in to the preview, how long they may take, and what their browser is told.
//!
//! The pages are the writer's drafts, and the browser that shows them also shows pages of strangers. Those can send
//! requests here, include what is answered as a script or a picture, or frame it. Browsers say where a request comes from
//! (Fetch Metadata, W3C), and keep an answer from others that says so (`Cross-Origin-Resource-Policy`): both are used,
//! because browsers send the first to this machine's own names only.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// How long a request's head may take, and so how long a connection may idle; a body may take as long again.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of a request's head: browsers send 1 kB, and long cookies of other programs on this machine a few.
const LARGEST_HEAD: usize = 32 << 10;
/// Fields of a request's head.
const MOST_FIELDS: usize = 64;
/// Connections at a time; a browser opens six, and one for each window's news.
const MOST_CONNECTIONS: usize = 256;

/// What every answer says: it is nobody else's to include or to frame, and is what its type says. A page of the book may
/// frame another, as on the site.
const SAID: [(HeaderName, &str); 6] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    (header::CONTENT_SECURITY_POLICY, "frame-ancestors 'self'"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Answers requests until the process ends.
pub(super) async fn serve(listener: TcpListener, router: Router) {
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        // Nobody closes the semaphore.
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // Too many open files, most likely: some will be closed.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        // An edit is shown as it is saved, not when a packet is full.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let mut connection = http1::Builder::new();
            connection.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
            connection.max_buf_size(LARGEST_HEAD).max_headers(MOST_FIELDS);
            // A connection that breaks is its browser's business.
            let _ = connection.serve_connection(TokioIo::new(stream), service).with_upgrades().await;
            drop(place);
        });
    }
}

/// Lets a request in, or refuses it; `host` is the name that the preview was started with.
pub(super) async fn guard(host: Arc<str>, request: Request, next: Next) -> Response {
    let mut response = match refusal(request.method(), request.uri(), request.headers(), &host) {
        Some(refused) => refused.into_response(),
        None if request.method() == Method::POST => {
            let answer = tokio::time::timeout(PATIENCE, next.run(request)).await;
            answer.unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response())
        }
        None => next.run(request).await,
    };
    for (name, value) in SAID {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Why a request is not answered.
fn refusal(method: &Method, uri: &Uri, headers: &HeaderMap, own: &str) -> Option<(StatusCode, &'static str)> {
    let mut hosts = headers.get_all(header::HOST).iter();
    // RFC 9112, 3.2: none or more than one is a bad request.
    let (Some(host), None) = (hosts.next().and_then(|host| host.to_str().ok()), hosts.next()) else {
        return Some((StatusCode::BAD_REQUEST, "a request names its host once\n"));
    };
    let elsewhere = uri.authority().is_some_and(|authority| authority.as_str() != host);
    if !is_own_name(host, own) || elsewhere || !is_own_origin(headers, host) {
        return Some((StatusCode::FORBIDDEN, "this preview answers to its own address only\n"));
    }
    if !is_own_page(method, headers) {
        return Some((StatusCode::FORBIDDEN, "this preview answers to its own pages only\n"));
    }
    None
}

/// Requests that name another host come through a name that somebody else controls (DNS rebinding).
fn is_own_name(host: &str, own: &str) -> bool {
    let port = |(_, port): &(&str, &str)| port.bytes().all(|b| b.is_ascii_digit());
    let bare = host.rsplit_once(':').filter(port).map_or(host, |(name, _)| name);
    ["localhost", "127.0.0.1", "[::1]", own].contains(&bare)
}

/// Sockets and forms that name another origin come from somebody else's page.
fn is_own_origin(headers: &HeaderMap, host: &str) -> bool {
    let own = format!("http://{host}");
    headers.get_all(header::ORIGIN).iter().all(|origin| origin.as_bytes() == own.as_bytes())
}

/// Whether no other site sent the request, as far as the browser says. A link on another site may lead to a page: that
/// shows it to the reader and to nobody else.
fn is_own_page(method: &Method, headers: &HeaderMap) -> bool {
    let all = |name: &'static str, good: &[&str]| {
        let mut values = headers.get_all(name).iter().peekable();
        values.peek().is_some()
            && values.all(|value| good.iter().any(|good| value.as_bytes() == good.as_bytes()))
    };
    if !headers.contains_key("sec-fetch-site") || all("sec-fetch-site", &["same-origin", "none"]) {
        return true;
    }
    (method == Method::GET || method == Method::HEAD)
        && all("sec-fetch-mode", &["navigate"])
        && all("sec-fetch-dest", &["document"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(head: &str) -> u16 {
        let mut lines = head.lines();
        let (method, uri) = lines.next().unwrap().split_once(' ').unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in lines.filter_map(|line| line.trim().split_once(": ")) {
            headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        let refused = refusal(&method.parse().unwrap(), &uri.parse().unwrap(), &headers, "docs.test");
        refused.map_or(200, |(status, _)| status.as_u16())
    }

    #[test]
    fn other_sites_may_send_readers_to_a_page_and_nothing_else() {
        let from = |site: &str, mode: &str, dest: &str| {
            status(&format!(
                "GET /\nhost: localhost:3000\nsec-fetch-site: {site}\nsec-fetch-mode: {mode}\nsec-fetch-dest: {dest}"
            ))
        };
        for (site, mode, dest, answer) in [
            ("same-origin", "no-cors", "script", 200),
            ("none", "navigate", "document", 200),
            ("cross-site", "navigate", "document", 200),
            ("same-site", "navigate", "document", 200),
            ("cross-site", "no-cors", "script", 403),
            // Another port of this machine is another site's, too.
            ("same-site", "no-cors", "script", 403),
            ("cross-site", "no-cors", "image", 403),
            ("cross-site", "cors", "empty", 403),
            ("cross-site", "navigate", "iframe", 403),
            ("cross-site", "navigate", "embed", 403),
            ("cross-site", "websocket", "websocket", 403),
            ("new-word", "no-cors", "script", 403),
        ] {
            assert_eq!(from(site, mode, dest), answer, "{site} {mode} {dest}");
        }
        assert_eq!(
            status(
                "POST /\nhost: localhost\nsec-fetch-site: cross-site\nsec-fetch-mode: navigate\nsec-fetch-dest: document"
            ),
            403
        );
        assert_eq!(
            status("GET /\nhost: localhost\nsec-fetch-site: same-origin\nsec-fetch-site: cross-site"),
            403
        );
        assert_eq!(
            status("GET /\nhost: localhost\nsec-fetch-site: cross-site\nsec-fetch-mode: navigate"),
            403
        );
        assert_eq!(status("GET /\nhost: localhost"), 200, "programs say nothing of where they are");
    }

    #[test]
    fn the_preview_has_one_name_at_a_time() {
        for (head, answer) in [
            ("GET /\nhost: docs.test:80", 200),
            ("GET /\nhost: [::1]:3000", 200),
            ("GET /\nhost: evil.example", 403),
            ("GET /\nhost: localhost.evil.example", 403),
            ("GET /", 400),
            ("GET /\nhost: localhost\nhost: evil.example", 400),
            ("GET /\nhost: localhost\nhost: localhost", 400),
            ("GET http://evil.example/\nhost: localhost", 403),
            ("GET /\nhost: localhost\norigin: http://localhost", 200),
            ("GET /\nhost: localhost\norigin: http://localhost:4000", 403),
            ("GET /\nhost: localhost\norigin: null", 403),
        ] {
            assert_eq!(status(head), answer, "{head}");
        }
    }
}
