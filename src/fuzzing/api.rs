//! API documents and the services that they are read from.

use super::markup::assert_whole;
use super::{parts, text};
use crate::base::{Date, RelPath};
use crate::diag::Place;
use crate::evidence::api::differences;
use crate::openapi::lint::{Codes, lint};
use crate::openapi::node::Node;
use crate::openapi::probe::{Answer, Given, Judge, plan};
use crate::openapi::source::{Source, assemble, limit};
use crate::openapi::utoipa::{Cache, Request, extract};
use crate::openapi::{Document, Format, diff, read};
use crate::render::{ApiReferenceSource, Origin, Reference};
use crate::world::{MemoryWorld, World as _};
use std::collections::BTreeMap;

/// The schema whose values are error codes, as the seeds call it.
const CODES: &str = "Code";

/// Parts separated by NUL bytes: a document, another that it is held against, an overlay, rate limits, source code with a
/// document in comments.
pub fn document(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let mut parts = parts(text);
    let (base, head) = (parts.next().unwrap_or(""), parts.next());
    let (overlay, limits, comments) = (parts.next(), parts.next().unwrap_or(""), parts.next());
    let (Ok(file), nowhere) = (RelPath::parse("a"), Place::whole(RelPath::root())) else { return };
    let before = Document::parse(&file, base);
    for problem in &before.problems {
        assert_inside(&problem.place, base);
    }
    let world = MemoryWorld::new()
        .with("head", head.unwrap_or(base))
        .with("overlay", overlay.unwrap_or(""))
        .with("comments", comments.unwrap_or(""));
    let path = |name: &str| RelPath::parse(name).unwrap_or_else(|_| RelPath::root());
    let mut sources = vec![(Source::File(path("head")), nowhere.clone())];
    sources.extend(overlay.map(|_| (Source::Overlay(path("overlay")), nowhere.clone())));
    sources.extend(comments.map(|_| (Source::Comments(vec![path("comments")]), nowhere.clone())));
    let (mut after, _) = assemble(&world, &sources, &Cache::default());
    let row = |line: &str| {
        line.split_once('=').map(|(whom, limit)| (whom.trim().into(), limit.trim().into(), nowhere.clone()))
    };
    let rows: Vec<_> = limits.lines().filter_map(row).collect();
    limit(&mut after, &rows, &mut Vec::new());
    for document in [&before, &after] {
        same_when_written(&document.root, &file);
        nothing_changed_in_itself(&document.root);
        judged(document);
        rendered(document);
    }
    diff::compare(&before.root, &after.root, options());
    differences(&before.root, &after.root);
}

fn options() -> diff::Options {
    diff::Options { today: Date::from_days(20_000), grace_days: 90 }
}

/// What is written as JSON, on many lines or on one, is read as the same value.
fn same_when_written(root: &Node, file: &RelPath) {
    for json in [root.to_json(), root.to_line()] {
        let again = read(file, &json, 0, Format::Json);
        assert!(again.problems.is_empty(), "{:?} in {json}", again.problems);
        assert!(again.root.same(root), "{json}");
    }
}

fn nothing_changed_in_itself(root: &Node) {
    let changes = diff::compare(root, root, options());
    assert!(changes.is_empty(), "{changes:?}");
    let found = differences(root, root);
    assert!(found.is_empty(), "{found:?}");
}

/// All rules, and a probe: each request that it would send is answered by a service that makes little sense.
fn judged(document: &Document) {
    let codes = Codes { schema: CODES, catalogue: Some(("page".into(), "# One\n")) };
    for score in lint(document, Some(&codes)) {
        assert!(score.missing <= score.total && score.tenths() <= 1_000, "{}", score.code);
    }
    for (pointer, place) in document.places() {
        assert_eq!(document.place(&pointer), Some(place), "{pointer}");
    }
    let given = Given { writes: true, ..Given::default() };
    let plan = plan(document, &given);
    let judge = Judge::new(document, Some(CODES));
    for (case, status) in plan.cases.iter().zip([200, 404, 204, 500, 429].into_iter().cycle()) {
        case.sending.curl("http://localhost", &[]);
        let headers = [("Content-Type", "application/json"), ("RateLimit", "\"default\";r=0;t=30")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let body = b"{\"code\":\"x\",\"a\":[1,null]}".to_vec();
        judge.judge(case, &Answer { status, headers, body, whole: true });
    }
}

/// The pages are whole HTML.
fn rendered(document: &Document) {
    let runbooks = BTreeMap::from([("x".to_owned(), vec![("Run".to_owned(), "run.html".to_owned())])]);
    let probed = BTreeMap::from([("GET /a".to_owned(), "seen".to_owned())]);
    let locate = |_: &Place| Some(Origin { name: "a:1".into(), address: Some("https://a.invalid/a".into()) });
    let reference = Reference::build(&ApiReferenceSource {
        name: "a",
        document,
        error_codes: Some(CODES),
        runbooks: &runbooks,
        catalogue: Some(("Codes".into(), "codes.html".into())),
        probed: &probed,
        locate: &locate,
    });
    for page in &reference.pages {
        assert_whole(&page.body);
    }
}

fn assert_inside(place: &Place, text: &str) {
    assert!(text.get(place.span.range()).is_some(), "{place:?}");
}

/// What is told of a service's source lies in its files; what is said twice is the same.
fn assert_extracted(world: &MemoryWorld) {
    let request = Request::new(RelPath::root());
    let cache = Cache::default();
    let found = extract(world, &request, &cache);
    let places = found.holes.iter().map(|hole| &hole.place);
    for place in places.chain(found.findings.iter().map(|one| &one.place)).chain(found.provenance.values()) {
        if let Ok(text) = world.text(&place.file) {
            assert_inside(place, &text);
        }
    }
    let Some(document) = found.document else { return };
    let whole = document.to_string();
    assert!(!whole.contains("x-oathbook") && !whole.contains('\u{0}') && !whole.contains("\\u0000"));
    // What was remembered says the same.
    assert_eq!(extract(world, &request, &cache).document.as_ref(), Some(&document));
    let Ok(file) = RelPath::parse("a") else { return };
    let written = Document::parse(&file, &whole);
    assert!(written.problems.is_empty(), "{:?}", written.problems);
    judged(&written);
}

/// A service's source: as a file of its own, and as the arguments of every attribute that the reader knows.
pub fn attributes(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    for source in [text.to_owned(), ATTRIBUTES.replace("XX", text)] {
        assert_extracted(
            &MemoryWorld::new().with("Cargo.toml", MANIFEST).with("src/lib.rs", source.as_str()),
        );
    }
}

/// A service of several files. Parts separated by NUL bytes: `src/lib.rs`, two modules of it, the library of another
/// package, `src/main.rs`, and its manifest.
pub fn service(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let mut world = MemoryWorld::new()
        .with("Cargo.toml", SERVICE)
        .with("b/Cargo.toml", "[package]\nname = \"b\"\nversion = \"0.1.0\"\n[features]\nx = []\n");
    let files = ["src/lib.rs", "src/one.rs", "src/one/two.rs", "b/src/lib.rs", "src/main.rs", "Cargo.toml"];
    for (name, part) in files.into_iter().zip(parts(text)) {
        world.set(name, part);
    }
    assert_extracted(&world);
}

const MANIFEST: &str = "[package]\nname = \"a\"\nversion = \"1.0.0\"\nedition = \"2024\"\n[dependencies]\nutoipa = { version = \"6\", features = [\"axum_extras\"] }\nutoipa-axum = \"0.3\"\n";

const SERVICE: &str = "[package]\nname = \"a\"\nversion = \"1.0.0\"\nedition = \"2024\"\n[dependencies]\nutoipa = { version = \"5\", features = [\"axum_extras\", \"uuid\"] }\nutoipa-axum = \"0.2\"\naxum = \"0.8\"\nserde = \"1\"\nb = { path = \"b\", features = [\"x\"] }\n";

const ATTRIBUTES: &str = "use utoipa::{OpenApi, ToSchema, IntoParams, ToResponse, IntoResponses};
#[utoipa::path(XX)] pub async fn one(a: Path<u8>, b: Json<A>) -> X { XX }
#[utoipa::path(get, path = \"/a/{a}\", params(XX), responses(XX), XX)] pub fn two() {}
#[derive(ToSchema, XX)] #[schema(XX)] #[serde(XX)] pub struct A<T> { #[schema(XX)] #[serde(XX)] a: u8, XX }
#[derive(ToSchema)] #[schema(XX)] #[serde(XX)] pub enum B { #[schema(XX)] C, #[serde(XX)] D { #[schema(XX)] a: A<u8> } }
#[derive(IntoParams)] #[into_params(XX)] pub struct E { #[param(XX)] #[serde(XX)] a: Option<B> }
#[derive(ToResponse)] #[response(XX)] pub struct F { a: u8 }
#[derive(IntoResponses)] pub enum G { #[response(XX)] H(#[to_schema] F) }
#[derive(OpenApi)] #[openapi(paths(one, two), components(schemas(A<u8>, B), responses(F)), XX)] pub struct ApiDoc;
macro_rules! m { ($($x:tt)*) => { XX } }
m! { XX }
";
