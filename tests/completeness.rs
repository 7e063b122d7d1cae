//! What must be there for everything of its sort.

use crate::suite::examples;
use oathbook::check::ALL;
use std::collections::BTreeSet;
use std::path::Path;

/// Checks whose finding cannot be shown as text files: their own tests are named here.
const BY_OTHER_TESTS: &[(&str, &str)] = &[("unreadable-page", "cli::a_page_that_is_not_utf8_is_a_finding")];

#[test]
fn tests_that_stand_for_examples_exist() {
    for (code, test) in BY_OTHER_TESTS {
        let (file, name) = test.split_once("::").unwrap();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/{file}.rs"));
        let text = std::fs::read_to_string(path).unwrap();
        assert!(
            text.contains(&format!("fn {name}()")) && text.contains(&format!("[{code}]")),
            "{test} does not test {code}"
        );
    }
}

#[test]
fn every_check_is_listed_and_has_a_code_of_its_own() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check");
    let codes: BTreeSet<&str> = ALL.iter().map(|check| check.code).collect();
    assert_eq!(codes.len(), ALL.len(), "two checks share a code");
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            let code = entry.file_name().into_string().unwrap().replace('_', "-");
            assert!(
                codes.contains(code.as_str()),
                "src/check/{code} is not in the list of checks in src/check/mod.rs"
            );
        }
    }
}

#[test]
fn every_check_has_a_case_that_fires_and_one_that_is_clean() {
    for check in ALL {
        assert!(
            check.doc.starts_with(&format!("# {}\n", check.code)),
            "the page of {} begins with its code as title",
            check.code
        );
        let fires = |expected: &str| expected.lines().any(|line| line.contains(&format!("[{}]", check.code)));
        let examples = examples(check.doc);
        let expected: Vec<&str> = examples.iter().filter_map(|example| example.expected.as_deref()).collect();
        let elsewhere = BY_OTHER_TESTS.iter().any(|(code, _)| *code == check.code);
        assert!(
            elsewhere || expected.iter().any(|text| fires(text)),
            "the page of {} shows no case that fires",
            check.code
        );
        assert!(
            elsewhere || expected.iter().any(|text| text.is_empty()),
            "the page of {} shows no clean case",
            check.code
        );
    }
}
