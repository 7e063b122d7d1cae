//! Proofs of check boxes and criteria: each turns when what it names is taken away, is due when time has passed, and no date changes
//! what a plain check says.

use crate::cli::{Scratch, err, out};
use crate::recovery::{Files, changed};
use oathbook::base::{Date, RelPath};
use oathbook::evidence::check;
use oathbook::evidence::criteria::{Criteria, State, proof::Stated};
use oathbook::pipeline::{Opened, Settings, projects};
use oathbook::world::MemoryWorld;
use std::collections::BTreeMap;
use std::path::Path;

/// A day on which all evidence that ships is there and none is old.
const NOW: &str = "2026-11-29";

/// The handbook with the example service: pages, records and code.
fn shipped() -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Files::new();
    for folder in
        ["content", "examples", "diagrams", "openapi", "src", "Cargo.toml", "book.toml", "docs.lock"]
    {
        for entry in walkdir::WalkDir::new(root.join(folder)).into_iter().filter_map(Result::ok) {
            if let Ok(text) = std::fs::read_to_string(entry.path()) {
                files.insert(entry.path().strip_prefix(root).unwrap().to_str().unwrap().to_owned(), text);
            }
        }
    }
    files
}

fn with<T>(files: &Files, today: &str, due: bool, ask: impl FnOnce(&Criteria) -> T) -> T {
    let empty = MemoryWorld::new().at(today.parse::<Date>().unwrap());
    let world = files.iter().fold(empty, |world, (path, text)| world.with(path, text.clone()));
    let project = projects(&world, &RelPath::root()).remove(0);
    let opened = Opened::new(&world, &project, Settings { due, ..Settings::default() });
    opened.with(|cx| ask(cx.of::<Criteria>()))
}

/// How each box stands, by its id or name.
fn rows(files: &Files, today: &str) -> BTreeMap<String, State> {
    with(files, today, false, |criteria| {
        criteria.items.iter().map(|item| (item.key(), item.judged.state)).collect()
    })
}

/// Problems as codes, messages and help.
fn problems(files: &Files, today: &str, due: bool) -> Vec<String> {
    with(files, today, due, |criteria| {
        let told = |one: &oathbook::diag::Problem| {
            format!("{}: {}: {}", one.code, one.message, one.help.clone().unwrap_or_default())
        };
        criteria.problems.iter().map(told).collect()
    })
}

fn book(plan: &str) -> Files {
    let guide = "---\nkind: guide\n---\n\n# Guide\n\n## Steps\n\nRead [the plan](plan.md).\n";
    let files = [
        ("book.toml", "[book]\ntitle = \"T\"\n"),
        ("src/SUMMARY.md", "- [Plan](plan.md)\n- [Guide](guide.md)\n"),
        ("src/guide.md", guide),
        ("src/plan.md", plan),
    ];
    files.map(|(path, text)| (path.to_owned(), text.to_owned())).into()
}

#[test]
fn the_plan_of_the_example_has_a_row_for_each_line_and_each_criterion_is_bound() {
    let files = shipped();
    with(&files, NOW, false, |criteria| {
        assert!(criteria.problems.is_empty(), "{:?}", criteria.problems);
        assert_eq!(criteria.items.len(), 176);
        assert!(criteria.items.iter().all(|item| item.id.is_some() && !item.checked));
        assert_eq!(criteria.list.len(), 33);
        for one in &criteria.list {
            assert!(!one.stated.proofs.is_empty(), "{}", one.id);
        }
    });
}

/// A record, and a box that stands by it: without the record the box is red.
const RECORDS: &[(&str, &str)] = &[
    ("content/operations/evidence/backup/", "28"),
    ("content/operations/evidence/restore-newest/", "29"),
    ("content/operations/evidence/incremental-chain/", "35"),
    ("content/operations/evidence/application-failure/", "46"),
    ("content/operations/evidence/rebuild-off-site/", "47"),
    ("content/operations/evidence/point-in-time/", "48"),
    ("content/operations/evidence/drills/", "55"),
    ("content/operations/evidence/faults-that-must-show/", "60"),
    ("content/operations/evidence/alerts-reach-people/", "87"),
    ("content/operations/evidence/incident/", "106"),
    ("content/operations/evidence/deploy/", "155"),
    ("content/operations/evidence/roll-back/", "156"),
    ("content/operations/evidence/scale/", "157"),
    ("content/operations/evidence/monitor/", "158"),
    ("content/operations/evidence/language-model/", "159"),
    ("examples/search-service/deploy/oncall.yaml", "116"),
    ("examples/search-service/deploy/incidents/", "110"),
    ("examples/search-service/deploy/incidents.yaml", "122"),
    ("examples/search-service/deploy/recovery/dr.yaml", "66"),
    ("examples/search-service/deploy/alerts.yml", "91"),
    ("content/service/runbooks/zero-results.md", "93"),
    ("content/operations/recovery/plan.md", "41"),
    ("examples/search-service/src/", "139"),
    ("diagrams/", "147"),
];

#[test]
fn each_box_turns_when_its_record_is_taken_away() {
    let all = shipped();
    let before = rows(&all, NOW);
    for (record, row) in RECORDS {
        assert!(before[*row] <= State::Demonstrated, "{row}: {:?}", before[*row]);
        let mut files = all.clone();
        files.retain(|path, _| !path.starts_with(record));
        assert!(files.len() < all.len(), "{record} is not there");
        assert_eq!(rows(&files, NOW)[*row], State::Red, "{record} and {row}");
    }
}

#[test]
fn a_year_later_what_is_old_is_due_and_no_date_changes_a_plain_check() {
    let files = shipped();
    let later = rows(&files, "2027-11-29");
    for row in ["29", "50", "53", "55", "76", "250"] {
        assert_eq!(later[row], State::Due, "{row}");
    }
    // What no date is promised for does not grow old.
    assert!(later["91"] <= State::Demonstrated && later["139"] <= State::Demonstrated);
    assert!(problems(&files, "2027-11-29", true).iter().any(|one| one.starts_with("proof-due: ")));
    // Even ticked, a box is no finding on any date.
    let ticked = changed(&files, "content/service/plan.md", "- [ ] Hold the drills", "- [x] Hold the drills");
    let ticked = changed(&ticked, "content/service/plan.md", "- [ ] Encrypt", "- [x] Encrypt");
    let dates = [
        "2020-01-01",
        "2026-11-01",
        "2026-11-22",
        "2026-11-24",
        "2026-11-29",
        "2026-12-31",
        "2027-03-01",
        "2027-11-29",
        "2030-02-28",
        "2099-12-31",
    ];
    for date in dates {
        assert_eq!(problems(&ticked, date, false), Vec::<String>::new(), "{date}");
    }
    // One that nothing proves is one on each.
    let red = changed(
        &files,
        "content/service/plan.md",
        "- [ ] Plan how the cache grows",
        "- [x] Plan how the cache grows",
    );
    for date in ["2020-01-01", "2099-12-31"] {
        let found = problems(&red, date, false);
        assert!(matches!(found.as_slice(), [one] if one.starts_with("ticked-box: ")), "{date}: {found:?}");
    }
}

#[test]
fn a_box_is_known_by_its_headings_and_text_or_its_id_and_never_by_its_line() {
    let plan = "# Plan\n\n## Steps\n\n- [ ] Write the guide <!-- proof: page:src/guide.md -->\n\n## Done\n\n- [ ] All <!-- proof: row:\"Steps > Write the guide\" -->\n- [ ] Some <!-- proof: row:\"Write the guide\" -->\n";
    let states = rows(&book(plan), NOW);
    assert_eq!(states["Done > All"], State::Proven);
    assert_eq!(states["Done > Some"], State::Proven);
    // A line on top changes nothing.
    let lower = plan.replace("# Plan\n", "# Plan\n\nA line.\n\nAnother.\n");
    assert_eq!(rows(&book(&lower), NOW), states);
    // A reworded item is another: what names the old one is red, with the nearest name.
    let reworded = plan.replacen("Write the guide", "Write one guide", 1);
    assert_eq!(rows(&book(&reworded), NOW)["Done > All"], State::Red);
    let found = problems(&book(&reworded), NOW, false);
    assert!(found.iter().any(|one| one.contains("did you mean `Steps > Write one guide`?")), "{found:?}");
    // With an id it may be.
    let by_id =
        reworded.replace("page:src", "id=guide page:src").replace("\"Steps > Write the guide\"", "guide");
    assert_eq!(rows(&book(&by_id), NOW)["Done > All"], State::Proven);
    // Two of one name need an id.
    let twice = plan.replace("- [ ] Some", "- [ ] All");
    let found = problems(&book(&twice), NOW, false);
    assert!(found.iter().any(|one| one.contains("two boxes are called `Done > All`")), "{found:?}");
    let told =
        twice.replace("- [ ] All <!-- proof: row:\"Write", "- [ ] All <!-- proof: id=other row:\"Write");
    assert_eq!(problems(&book(&told), NOW, false), Vec::<String>::new());
}

#[test]
fn what_had_nothing_to_judge_is_red_and_a_circle_is_no_proof() {
    let plan = "# Plan\n\n- [ ] A <!-- proof: check:alert-runbook -->\n- [ ] B <!-- proof: oncall:coverage -->\n- [ ] C <!-- proof: reviews:incidents -->\n- [ ] D <!-- proof: id=d row:e -->\n- [ ] E <!-- proof: id=e row:d -->\n- [ ] F <!-- proof: page:src/plan.md -->\n- [ ] G\n- [ ] H <!-- proof: check:page-link -->\n- [ ] I <!-- proof: check:page-link@src/plan.md -->\n";
    let states = rows(&book(plan), NOW);
    for name in ["A", "B", "C", "d", "e", "F", "G", "I"] {
        assert_eq!(states[name], State::Red, "{name}");
    }
    assert_eq!(states["H"], State::Proven);
}

#[test]
fn a_check_that_judges_must_be_countable_to_prove() {
    // Each check is either one that claims something, or one whose subjects are counted, or it never proves: in a book without
    // anything, none of them does.
    let codes = check::ALL.iter().map(|check| check.code);
    let own = ["proof", "ticked-box", "proof-due"];
    let lines: String = codes
        .filter(|code| !own.contains(code))
        .map(|code| format!("- [ ] {code} <!-- proof: check:{code} -->\n"))
        .collect();
    let mut files = book(&format!("# Plan\n\n{lines}"));
    files.insert("src/guide.md".into(), "# Guide\n\nWords.\n".into());
    for (name, state) in rows(&files, NOW) {
        assert_eq!(state, State::Red, "{name}");
    }
}

#[test]
fn a_deviation_holds_until_its_day() {
    let plan = "# Plan\n\n- [ ] A <!-- proof: check:alert-runbook deviation: no alerts, as yet, team-docs, 2026-12-31 -->\n";
    let files = book(plan);
    assert_eq!(rows(&files, "2026-12-31")["A"], State::Deviating);
    assert_eq!(rows(&files, "2027-01-01")["A"], State::Due);
    for broken in [
        "deviation: no",
        "deviation: no, team, never",
        "deviation: , team, 2027-01-01",
        "id= x:y",
        "check:",
        "colon",
    ] {
        assert!(!Stated::parse(broken).refused.is_empty(), "{broken}");
    }
}

#[test]
fn the_command_and_the_site_say_how_each_criterion_stands() {
    let mut files = book("# Plan\n\n- [ ] Write <!-- proof: id=w page:src/guide.md -->\n- [ ] Alert\n");
    files.insert("book.toml".into(), "[criteria]\nfile = \"criteria.yaml\"\n".into());
    files.insert(
        "criteria.yaml".into(),
        "criteria:\n  - {id: works, section: S, title: It works, proofs: [\"row:w\"]}\n".into(),
    );
    let book =
        files.iter().fold(Scratch::new("criteria-command"), |book, (path, text)| book.with(path, text));
    let run = book.run(&["criteria"]);
    assert_eq!(run.status.code(), Some(0), "{}", err(&run));
    assert_eq!(out(&run), "S\n  proven       works: It works\n               row:w\n1 criteria: 1 proven\n");
    assert_eq!(book.run(&["criteria", "--rows"]).status.code(), Some(1));
    assert_eq!(book.run(&["check"]).status.code(), Some(0));
    assert_eq!(book.run(&["build", "-d", "site"]).status.code(), Some(0));
    let (page, proofs, criteria) =
        (book.read("site/plan.html"), book.read("site/proofs.html"), book.read("site/criteria.html"));
    assert!(page.contains("<a class=\"good\" href=\"proofs.html#row-w\">proven</a> Write"), "{page}");
    assert!(page.contains("<a class=\"bad\" href=\"proofs.html#box-1\">red</a> Alert"));
    assert!(proofs.contains("id=\"row-w\"") && proofs.contains("no proof is named"));
    assert!(criteria.contains("<a href=\"proofs.html#row-w\">row:w</a>"));
    book.with_changed("criteria.yaml", "criteria:\n  - {id: works, title: It works, proofs: [\"row:x\"]}\n");
    let run = book.run(&["criteria"]);
    assert_eq!(run.status.code(), Some(1));
    assert!(err(&run).contains("there is no box `x`"), "{}", err(&run));
}
