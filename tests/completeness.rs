//! What must be there for everything of its sort.

use crate::suite::examples;
use oathbook::base::{Date, RelPath};
use oathbook::diag::code;
use oathbook::evidence::check::{self, ALL};
use oathbook::evidence::{Reads, SORTS};
use oathbook::pipeline::{Opened, Settings, projects};
use oathbook::shell::disk::DiskWorld;
use oathbook::world::{MemoryWorld, PathKind, ReadError, World};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;

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
    let book = MemoryWorld::new()
        .with("book.toml", "[openapi.shop]\nsources = [{ file = \"shop.yaml\" }]\n")
        .with("shop.yaml", "openapi: 3.1.0\ninfo: {title: Shop, version: '1'}\npaths: {}\n")
        .with("src/SUMMARY.md", "- [A](a.md)\n");
    let (base, world) = (book.clone().with("src/a.md", "# A\n"), book.with("src/a.md", "# A\n\n`b`\n"));
    let changed = [RelPath::parse("src/a.md").unwrap()];
    for base in [None, Some((&base as &dyn World, changed.as_slice()))] {
        for project in projects(&world, &RelPath::root()) {
            for sort in SORTS {
                Opened::new(&world, &project, Settings { base, ..Settings::default() }).with(sort.read);
            }
        }
    }
}

/// A world that writes down which files are read.
struct Watched<'w>(&'w DiskWorld, Mutex<BTreeSet<RelPath>>);

impl World for Watched<'_> {
    fn files(&self, folder: &RelPath) -> Vec<RelPath> {
        self.0.files(folder)
    }
    fn tracked(&self, folder: &RelPath) -> Vec<RelPath> {
        self.0.tracked(folder)
    }
    fn kind(&self, path: &RelPath) -> Option<PathKind> {
        self.0.kind(path)
    }
    fn is_ignored(&self, path: &RelPath) -> bool {
        self.0.is_ignored(path)
    }
    fn read(&self, path: &RelPath) -> Result<Vec<u8>, ReadError> {
        self.1.lock().unwrap().insert(path.clone());
        self.0.read(path)
    }
    fn today(&self) -> Date {
        self.0.today()
    }
}

/// What a file of the handbook is to those who read it.
fn what(file: &RelPath) -> Option<Reads> {
    let file = file.as_str();
    let kept = ["docs.lock", "content/operations/evidence/", ".oathbook/"];
    let written = file.starts_with("openapi/") || file.ends_with(".layout.json");
    match file {
        "book.toml" => None,
        _ if file.starts_with("content/") && file.ends_with(".md") => None,
        _ if written || kept.iter().any(|prefix| file.starts_with(prefix)) => Some(Reads::Records),
        _ => Some(Reads::Sources),
    }
}

/// What sorts read where a book has what the handbook has not: lines of code that pages point at, tested blocks.
const UNUSED: &[(&str, Reads)] = &[("code_links", Reads::Sources), ("samples", Reads::Sources)];

#[test]
fn every_sort_of_evidence_reads_what_it_says() {
    let disk = DiskWorld::open(root(), None, Date::from_days(20_000)).unwrap().0;
    let changed = [RelPath::parse("content/tutorial.md").unwrap()];
    let mut wrong = Vec::new();
    for sort in SORTS {
        let [now, before] = [0, 1].map(|_| Watched(&disk, Mutex::default()));
        let project = projects(&now, &RelPath::root()).remove(0);
        let settings = Settings { base: Some((&before, &changed)), due: true, ..Settings::default() };
        let opened = Opened::new(&now, &project, settings);
        // What the pages are made of is read with them, whoever asks.
        opened.site();
        for log in [&now.1, &before.1] {
            log.lock().unwrap().clear();
        }
        // Whether an exception is used is known when all checks of all sorts have run.
        let codes = sort.checks.iter().map(|check| check.code).filter(|code| *code != code::SUPPRESSION);
        let codes: Vec<String> = codes.map(str::to_owned).collect();
        opened.with(|cx| {
            (sort.read)(cx);
            if !codes.is_empty() {
                check::run(cx, &codes);
            }
            assert!(sort.executes || (sort.runs)(cx).is_empty(), "{} runs commands", sort.name);
        });
        let read = now.1.lock().unwrap().clone();
        let asked_the_base = !before.1.lock().unwrap().is_empty();
        let seen: BTreeSet<Reads> =
            read.iter().filter_map(what).chain(asked_the_base.then_some(Reads::Base)).collect();
        let told: BTreeSet<Reads> = sort.reads.iter().copied().collect();
        let some: Vec<_> = read.iter().take(9).collect();
        println!("{}: told {told:?}, seen {seen:?} {some:?}", sort.name);
        let unused = UNUSED.iter().filter(|(name, _)| *name == sort.name).map(|(_, what)| *what);
        wrong.extend((seen.into_iter().chain(unused).collect::<BTreeSet<_>>() != told).then_some(sort.name));
    }
    assert!(wrong.is_empty(), "{wrong:?} read more or less than they say");
}
