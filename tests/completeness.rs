//! What must be there for everything of its sort.

use crate::suite::examples;
use oathbook::evidence::SORTS;
use oathbook::evidence::check::ALL;
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

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_check_has_a_code_of_the_table_and_every_code_a_check() {
    let codes: BTreeSet<&str> = ALL.iter().map(|check| check.code).collect();
    assert_eq!(codes.len(), ALL.len(), "two checks share a code");
    assert_eq!(
        codes,
        oathbook::diag::code::ALL.iter().copied().collect(),
        "src/diag/code.rs and the checks differ"
    );
}

#[test]
fn every_page_of_a_check_and_every_folder_of_evidence_is_in_a_list() {
    let pages: BTreeSet<String> = SORTS
        .iter()
        .flat_map(|sort| sort.checks.iter().map(|check| format!("{}/{}.md", sort.name, check.code)))
        .collect();
    for folder in std::fs::read_dir(root().join("src/evidence")).unwrap() {
        let folder = folder.unwrap();
        if !folder.file_type().unwrap().is_dir() {
            continue;
        }
        let name = folder.file_name().into_string().unwrap();
        assert!(
            SORTS.iter().any(|sort| sort.name == name),
            "src/evidence/{name} is not in the list of sorts"
        );
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap().file_name().into_string().unwrap();
            let page = format!("{name}/{file}");
            assert!(
                !file.ends_with(".md") || pages.contains(&page),
                "no check has the page src/evidence/{page}"
            );
        }
    }
}

#[test]
fn what_hands_on_a_problem_says_where_it_is_seen() {
    for check in ALL.iter() {
        let Some(seen_in) = check.seen_in else { continue };
        let constant = format!("code::{}", check.code.replace('-', "_").to_uppercase());
        let uses = |path: &Path| std::fs::read_to_string(path).unwrap().contains(&constant);
        let place = root().join(seen_in);
        let found = if place.is_dir() {
            walkdir::WalkDir::new(&place)
                .into_iter()
                .filter_map(Result::ok)
                .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"))
                .any(|entry| uses(entry.path()))
        } else {
            uses(&place)
        };
        assert!(found, "{seen_in} does not name {constant}");
    }
}

#[test]
fn every_check_has_a_case_that_fires_and_one_that_is_clean() {
    for check in ALL.iter() {
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

#[test]
fn every_sort_of_evidence_can_be_the_first_that_is_read() {
    let world =
        oathbook::world::MemoryWorld::new().with("src/SUMMARY.md", "- [A](a.md)\n").with("src/a.md", "# A\n");
    for project in oathbook::pipeline::projects(&world, &oathbook::base::RelPath::root()) {
        for sort in SORTS {
            let settings = oathbook::pipeline::Settings::default();
            oathbook::pipeline::Opened::new(&world, &project, settings).with(sort.read);
        }
    }
}
