//! The static reader against utoipa itself: every case is compiled with the real macros and read as text, and both
//! documents must have the same bytes. No expectation is stored. The crates that compile the cases lie under
//! `openapi/crates`, each a workspace of its own, so that no feature of theirs reaches the tool or another crate.

use oathbook::base::RelPath;
use oathbook::openapi::utoipa::{Cache, Hole, Request, extract};
use oathbook::shell::disk::DiskWorld;
use oathbook::world::World;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/openapi")
}

/// Names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The text of a case folder's `mod.rs`: its modules and the list of their documents.
fn list_of(set: &str, cases: &[String]) -> String {
    let modules: String = cases.iter().map(|case| format!("pub mod {case};\n")).collect();
    let entries: String =
        cases.iter().map(|case| format!("    (\"{set}::{case}\", {case}::openapi),\n")).collect();
    format!(
        "//! Every case of this folder; written by `OATHBOOK_BLESS=1 cargo test --test main conformance::openapi`.\n\n\
         {modules}\n/// Each case's name and document.\n\
         pub const ALL: &[(&str, fn() -> utoipa::openapi::OpenApi)] = &[\n{entries}];\n"
    )
}

#[test]
fn every_case_of_a_folder_is_in_its_list() {
    let sets = home().join("cases");
    for set in names(&sets).into_iter().filter(|set| sets.join(set).is_dir()) {
        let files = names(&sets.join(&set));
        let cases: Vec<String> = files
            .iter()
            .filter_map(|file| file.strip_suffix(".rs"))
            .filter(|case| *case != "mod")
            .map(str::to_owned)
            .collect();
        let wanted = list_of(&set, &cases);
        let list = sets.join(&set).join("mod.rs");
        if std::env::var_os("OATHBOOK_BLESS").is_some() {
            std::fs::write(&list, &wanted).unwrap();
        }
        let written = std::fs::read_to_string(&list).unwrap_or_default();
        assert!(written == wanted, "{} misses a case: run the tests with OATHBOOK_BLESS=1", list.display());
    }
}

fn cargo(manifest: &Path, words: &[&str]) -> std::process::Output {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/conformance");
    let mut command = Command::new(env!("CARGO"));
    command.args(words).args(["--offline", "--locked", "--manifest-path"]).arg(manifest);
    command.env("CARGO_TARGET_DIR", target).output().unwrap()
}

/// What utoipa makes of every case of a crate; `None` where its packages were not fetched.
fn compiled(name: &str) -> Option<BTreeMap<String, String>> {
    let manifest = home().join("crates").join(name).join("Cargo.toml");
    if !cargo(&manifest, &["metadata", "--format-version", "1"]).status.success() {
        let why = format!("its packages are not here: cargo fetch --manifest-path {}", manifest.display());
        crate::support::skip(&format!("conformance-{name}"), &why);
        return None;
    }
    let output = cargo(&manifest, &["run", "--quiet"]);
    assert!(output.status.success(), "{name} does not compile:\n{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// How one case came out.
enum Outcome {
    Equal,
    Holes(Vec<String>),
    Different(Vec<String>),
}

/// Reads a case's document and holds it against what utoipa made.
fn judge(world: &dyn World, cache: &Cache, name: &str, case: &str, wanted: &str) -> Outcome {
    let folder = RelPath::parse(&format!("crates/{name}")).unwrap();
    let request = Request { root: Some(format!("{case}::openapi")), ..Request::new(folder) };
    let found = extract(world, &request, cache);
    let Some(document) = found.document else {
        return Outcome::Different(vec![found.failure.unwrap_or_default()]);
    };
    if found.holes.is_empty() && serde_json::to_string_pretty(&document).unwrap() == wanted {
        return Outcome::Equal;
    }
    let mut lines = Vec::new();
    let compiled: Value = serde_json::from_str(wanted).unwrap();
    differences("", &compiled, &document, &mut lines);
    // What a hole stands for may differ, nothing else.
    let holes: Vec<&str> = found.holes.iter().flat_map(|hole| &hole.pointers).map(String::as_str).collect();
    lines.retain(|line| !holes.iter().any(|hole| line.starts_with(*hole)));
    if found.holes.is_empty() && lines.is_empty() {
        lines.push("the keys are in another order".to_owned());
    }
    if !lines.is_empty() {
        return Outcome::Different(lines);
    }
    let say = |hole: &Hole| format!("{}: {} ({})", hole.place.file, hole.message, hole.reason);
    Outcome::Holes(found.holes.iter().map(say).collect())
}

/// `pointer: utoipa's value, ours`, deepest difference only.
fn differences(pointer: &str, wanted: &Value, found: &Value, lines: &mut Vec<String>) {
    match (wanted, found) {
        (Value::Object(left), Value::Object(right)) => {
            let before = lines.len();
            for key in left.keys().chain(right.keys().filter(|key| !left.contains_key(*key))) {
                let below = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                match (left.get(key), right.get(key)) {
                    (Some(left), Some(right)) => differences(&below, left, right, lines),
                    (Some(left), None) => lines.push(format!("{below}: missing, utoipa has {left}")),
                    (None, right) => lines.push(format!("{below}: too much, {}", right.unwrap())),
                }
            }
            if before == lines.len() && !left.keys().eq(right.keys()) {
                let list =
                    |map: &serde_json::Map<String, Value>| map.keys().cloned().collect::<Vec<_>>().join(", ");
                lines.push(format!("{pointer}: in the order {}, utoipa: {}", list(right), list(left)));
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (at, (left, right)) in left.iter().zip(right).enumerate() {
                differences(&format!("{pointer}/{at}"), left, right, lines);
            }
        }
        _ if wanted == found => {}
        _ => lines.push(format!("{pointer}: {found}, utoipa: {wanted}")),
    }
}

#[test]
fn documents_read_from_source_are_those_that_utoipa_makes() {
    let (world, _) =
        DiskWorld::open(&home(), Some(&home()), oathbook::base::Date::from_days(20_000)).unwrap();
    let (mut cases, mut equal, mut holes, mut different) = (0, 0, 0, 0);
    let only = std::env::var("OATHBOOK_CASE").unwrap_or_default();
    let mut report = String::new();
    for name in names(&home().join("crates")) {
        let Some(documents) = compiled(&name) else { continue };
        assert!(!documents.is_empty(), "{name} has no case");
        let cache = Cache::default();
        for (case, wanted) in documents.iter().filter(|(case, _)| format!("{name}/{case}").contains(&only)) {
            cases += 1;
            let (word, lines) = match judge(&world, &cache, &name, case, wanted) {
                Outcome::Equal => {
                    equal += 1;
                    continue;
                }
                Outcome::Holes(lines) => {
                    holes += 1;
                    ("holes", lines)
                }
                Outcome::Different(lines) => {
                    different += 1;
                    ("different", lines)
                }
            };
            report.push_str(&format!("{name}/{case}: {word}\n"));
            for line in &lines {
                report.push_str(&format!("    {line}\n"));
            }
        }
    }
    println!("{report}{cases} cases: equal {equal}, holes {holes}, different {different}");
    // Nothing in the cases is out of reach: a new case that is may be counted here with its reason.
    assert!(different + holes == 0, "{report}");
}
