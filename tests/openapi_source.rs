//! Services whose source is broken, hostile or huge: a finding or a hole, in bounded time, never a panic; and sources as a
//! whole.

use oathbook::base::RelPath;
use oathbook::openapi::utoipa::{Cache, Extraction, Request, extract};
use oathbook::world::MemoryWorld;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

const MANIFEST: &str = "[package]\nname = \"pets\"\nversion = \"1.0.0\"\nedition = \"2024\"\n[dependencies]\nutoipa = \"6\"\nutoipa-axum = \"0.3\"\naxum = \"0.8\"\n";

const API: &str = "
#[utoipa::path(get, path = \"/pets\")]
async fn list_pets() {}
#[derive(utoipa::OpenApi)]
#[openapi(paths(list_pets))]
struct ApiDoc;
";

/// Far more than any of these takes, even without optimisation on a busy machine.
const LONGEST: Duration = Duration::from_secs(60);

fn read(world: &MemoryWorld) -> Extraction {
    let begin = Instant::now();
    let found = extract(world, &Request::new(RelPath::root()), &Cache::default());
    assert!(begin.elapsed() < LONGEST, "{:?}", begin.elapsed());
    found
}

fn service(source: &str) -> MemoryWorld {
    MemoryWorld::new().with("Cargo.toml", MANIFEST).with("src/lib.rs", source)
}

/// Codes and messages of findings, and reasons of holes.
fn told(found: &Extraction) -> String {
    let mut out = String::new();
    for finding in &found.findings {
        let _ = writeln!(out, "{} {}: {}", finding.code, finding.place.file, finding.message);
    }
    for hole in &found.holes {
        let _ = writeln!(out, "{} {}: {}", hole.reason, hole.place.file, hole.message);
    }
    out
}

fn operations(found: &Extraction) -> usize {
    found.counts.operations
}

#[test]
fn an_item_that_does_not_parse_does_no_harm_to_the_others() {
    let found =
        read(&service(&format!("fn broken( {{ ]\n}}\n#[derive(utoipa::ToSchema)] struct A {{ x: }}\n{API}")));
    assert!(found.document.is_some() || found.failure.is_some());
    let found = read(&service(&format!(
        "#[utoipa::path(get, path = \"/a\", responses((status = )))]\nfn other() {{}}\n{}",
        API.replace("paths(list_pets)", "paths(list_pets, other)")
    )));
    assert_eq!(operations(&found), 1);
    assert!(told(&found).contains("attribute src/lib.rs"), "{}", told(&found));
}

#[test]
fn modules_without_files_and_files_that_are_no_text_are_findings() {
    let world =
        service(&format!("mod cats;\nmod dogs;\n{API}")).with("src/dogs.rs", b"fn a() {}\xff\xfe".to_vec());
    let found = read(&world);
    assert_eq!(operations(&found), 1);
    assert!(
        told(&found).contains("openapi-code src/lib.rs: no file for the module `cats`"),
        "{}",
        told(&found)
    );
    assert!(told(&found).contains("src/dogs.rs"), "{}", told(&found));
}

#[test]
fn imports_and_modules_in_a_circle_end() {
    let found = read(&service(&format!(
        "mod a {{ pub use super::b::*; pub use super::b::X as Y; }}\nmod b {{ pub use super::a::*; pub use super::a::Y as X; }}\n\
         #[derive(utoipa::ToSchema)] struct Uses {{ a: a::X, b: b::Y }}\n\
         #[utoipa::path(get, path = \"/x\", responses((status = 200, body = Uses)))] fn x() {{}}\n{}",
        API.replace("paths(list_pets)", "paths(list_pets, x)")
    )));
    assert_eq!(operations(&found), 2);
    assert!(told(&found).contains("unresolved-type"), "{}", told(&found));
    let world = service(&format!("#[path = \"lib.rs\"]\nmod again;\n{API}"));
    assert!(told(&read(&world)).contains("includes itself"));
}

#[test]
fn macros_that_run_away_are_a_finding_and_the_others_are_expanded() {
    for rules in [
        "($($t:tt)*) => { run! { $($t)* $($t)* } }",
        "($($t:tt)*) => { run! { a $($t)* } run! { b $($t)* } }",
        "($($t:tt)*) => { run! { $($t)* } }",
        "($($t:tt)*) => { mod inner { run! { $($t)* x } fn f() {} } }",
    ] {
        let found = read(&service(&format!(
            "macro_rules! run {{ {rules} }}\nrun! {{ a }}\n\
             macro_rules! fine {{ ($n:ident) => {{ #[utoipa::path(get, path = \"/fine\")] fn $n() {{}} }} }}\nfine!(made);\n{}",
            API.replace("paths(list_pets)", "paths(list_pets, made)")
        )));
        assert_eq!(operations(&found), 2, "{rules}\n{}", told(&found));
        assert!(told(&found).contains("expands without end"), "{rules}\n{}", told(&found));
    }
}

#[test]
fn manifests_that_say_little_or_nonsense_are_no_panic() {
    for manifest in [
        "",
        "[package]\n",
        "[[[",
        "[package]\nname = 1\n",
        "[features]\ndefault = [\"x\"]\nx = [\"x\", \"dep:y\", \"a/b\"]\n",
    ] {
        let found = read(&MemoryWorld::new().with("Cargo.toml", manifest).with("src/lib.rs", API));
        assert!(found.document.is_none() && found.failure.is_some(), "{manifest}");
    }
    let cyclic = format!("{MANIFEST}[features]\ndefault = [\"a\"]\na = [\"b\"]\nb = [\"a\"]\n");
    let found = read(&MemoryWorld::new().with("Cargo.toml", cyclic).with("src/lib.rs", API));
    assert_eq!(operations(&found), 1);
}

#[test]
fn a_file_of_fifty_thousand_lines_is_read() {
    let mut source = String::new();
    for at in 0..10_000 {
        let _ = write!(source, "/// A type.\n#[derive(Debug)]\npub struct T{at} {{\n    pub x: u8,\n}}\n");
    }
    let found = read(&service(&(source + API)));
    assert_eq!((operations(&found), found.holes.len()), (1, 0));
}

#[test]
fn values_that_double_with_every_line_end() {
    let lines = |line: &str| line.repeat(64);
    let text = format!(
        "fn words() -> String {{ let a = String::from(\"word\"); {} a }}\n\
         #[utoipa::path(get, path = \"/x\", description = words())] fn x() {{}}\n",
        lines("let a = format!(\"{a}{a}\");")
    );
    let list = format!(
        "fn words() -> serde_json::Value {{ let a = vec![1]; {} serde_json::json!(a) }}\n\
         #[utoipa::path(get, path = \"/x\", responses((status = 200, body = String, example = words)))] fn x() {{}}\n",
        lines("let a = vec![a.clone(), a];")
    );
    let mut types = String::from("#[derive(utoipa::ToSchema)] struct T0 { a: u8 }\n");
    for at in 1..64 {
        let _ = writeln!(
            types,
            "#[derive(utoipa::ToSchema)] struct T{at} {{ #[schema(inline)] a: T{0}, #[schema(inline)] b: T{0} }}",
            at - 1
        );
    }
    types.push_str("#[utoipa::path(get, path = \"/x\", responses((status = 200, body = T63)))] fn x() {}\n");
    for source in [text, list, types] {
        let found =
            read(&service(&format!("{source}{}", API.replace("paths(list_pets)", "paths(list_pets, x)"))));
        assert!(!found.holes.is_empty(), "{}", told(&found));
    }
}

#[test]
fn routers_that_double_with_every_line_end() {
    let source = format!(
        "use utoipa_axum::router::OpenApiRouter;\nuse utoipa_axum::routes;\n\
         #[utoipa::path(get, path = \"/pets\")] async fn list_pets() {{}}\n\
         pub fn router() -> OpenApiRouter {{ let a = OpenApiRouter::new().routes(routes!(list_pets)); {} a }}\n",
        "let a = OpenApiRouter::new().nest(\"/a\", a.clone()).nest(\"/b\", a);".repeat(40)
    );
    let found = read(&service(&source));
    assert!(!found.holes.is_empty(), "{}", told(&found));
}
