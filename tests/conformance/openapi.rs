//! The static reader against utoipa itself: every case is compiled with the real macros and read as text, and both
//! documents must have the same bytes. No expectation is stored. The crates that compile the cases lie under
//! `openapi/crates`, each a workspace of its own, so that no feature of theirs reaches the tool or another crate.

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
        eprintln!(
            "skipped: {name}: its packages are not here (cargo fetch --manifest-path {})",
            manifest.display()
        );
        return None;
    }
    let output = cargo(&manifest, &["run", "--quiet"]);
    assert!(output.status.success(), "{name} does not compile:\n{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn documents_read_from_source_are_those_that_utoipa_makes() {
    for name in names(&home().join("crates")) {
        let Some(documents) = compiled(&name) else { continue };
        assert!(!documents.is_empty(), "{name} has no case");
        println!("{name}: {} cases", documents.len());
    }
}
