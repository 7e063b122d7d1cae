//! What drills leave and what follows from it: who held them, what they taught, cards, other engines, the trend, and the criteria
//! that are computed of all that; each turned by taking its evidence away, making it old, or letting it miss.

use crate::cli::{Scratch, err, out};
use crate::recovery::{FOLDER, Files, PAGES, changed, scratch, shipped};
use oathbook::base::{Date, RelPath};
use oathbook::evidence::check;
use oathbook::evidence::recovery::Recovery;
use oathbook::evidence::recovery::criteria::{Criterion, State, criteria};
use oathbook::evidence::runs::Runs;
use oathbook::pipeline::{Opened, Settings, projects};
use oathbook::runs::evidence::{Evidence, Status};
use oathbook::world::MemoryWorld;

const EVIDENCE: &str = "content/operations/evidence";
const BUNDLES: &str = "content/operations/evidence/drills/dr-full";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The newest file of a folder.
fn newest(files: &Files, folder: &str) -> String {
    files.keys().filter(|path| path.starts_with(&format!("{folder}/"))).max().unwrap().clone()
}

/// A bundle of a drill: when, by whom, and how it ended.
fn bundle(files: &Files, started: &str, operator: Option<&str>, status: &str) -> (String, String) {
    let mut value: serde_json::Value = serde_json::from_str(&files[&newest(files, BUNDLES)]).unwrap();
    let drill = &mut value["predicate"];
    drill["status"] = status.into();
    drill["started"] = started.into();
    drill["operator"] = operator.into();
    let name = started.replace(['-', ':'], "");
    (format!("{BUNDLES}/{name}.json"), value.to_string())
}

/// What ships, without its drills but with one by an operator and its lesson; every day that matters is fixed.
fn held() -> Files {
    let mut files = shipped();
    let made = bundle(&files, "2026-12-02T00:00:00Z", Some("primary-2"), "passed");
    files.retain(|path, _| !path.starts_with(BUNDLES));
    files.extend([made]);
    let plan = format!("{PAGES}/plan.md");
    let text = files[&plan].split("## What drills taught").next().unwrap().to_owned();
    files.insert(
        plan,
        text + "## What drills taught\n\n### dr-full, 2026-12-02\n\n- Changed: [one](restore-newest.md)\n",
    );
    files
}

fn world(files: &Files, today: Date) -> MemoryWorld {
    let empty = MemoryWorld::new().at(today);
    files.iter().fold(empty, |world, (path, text)| world.with(path, text.clone()))
}

/// What two checks find, as codes and messages.
fn found(files: &Files, today: &str, due: bool) -> Vec<String> {
    let world = world(files, day(today));
    let project = projects(&world, &RelPath::root()).remove(0);
    let opened = Opened::new(&world, &project, Settings { due, ..Settings::default() });
    let codes = ["recovery-plan", "recovery-objective", "recovery-lesson", "recovery-operator"];
    let report = opened.with(|cx| check::run(cx, &codes.map(str::to_owned)));
    report.diagnostics.iter().map(|one| format!("{}: {}", one.code, one.message)).collect()
}

/// How each criterion stands.
fn reached(files: &Files, today: &str) -> Vec<Criterion> {
    let world = world(files, day(today));
    let project = projects(&world, &RelPath::root()).remove(0);
    let opened = Opened::new(&world, &project, Settings::default());
    opened.with(|cx| {
        let plan = cx.of::<Recovery>().plan.as_ref().unwrap();
        criteria(plan, &cx.of::<Runs>().list, day(today))
    })
}

fn states(files: &Files, today: &str) -> Vec<(&'static str, State)> {
    reached(files, today).into_iter().map(|one| (one.name, one.state)).collect()
}

fn state(files: &Files, today: &str, name: &str) -> State {
    states(files, today).into_iter().find(|(one, _)| *one == name).unwrap().1
}

/// All criteria, with the rows of a plan that they are for, and what each is made of.
const ALL: [&str; 8] = [
    "recovery-tested",
    "recovery-rto",
    "recovery-rpo",
    "recovery-drills-quarterly",
    "recovery-plan-complete",
    "recovery-drills-held",
    "recovery-objectives-met",
    "recovery-restore-works",
];

/// The newest evidence of a runbook, changed.
fn with_run(files: &Files, stem: &str, change: impl FnOnce(&mut oathbook::runs::evidence::Run)) -> Files {
    let mut files = files.clone();
    let path = newest(&files, &format!("{EVIDENCE}/{stem}"));
    let read = Evidence::read(&files[&path], stem).unwrap();
    let mut run = read.run().clone();
    change(&mut run);
    files.insert(path, Evidence::new(stem, read.fingerprint().to_owned(), run).text());
    files
}

#[test]
fn each_criterion_is_met_by_the_evidence_that_ships_and_turns_without_it() {
    let files = held();
    let today = "2026-12-03";
    for one in reached(&files, today) {
        assert!(one.state.is_met(), "{}: {:?}", one.name, one.why);
        assert!(!one.proofs.is_empty(), "{} has no proof", one.name);
    }
    assert_eq!(states(&files, today).iter().map(|(name, _)| *name).collect::<Vec<_>>(), ALL);
    // Without its evidence.
    let without = |part: &str| {
        let mut files = files.clone();
        files.retain(|path, _| !path.contains(part));
        files
    };
    let restore = without("evidence/restore-newest");
    for name in ["tested", "rto", "rpo", "objectives-met", "restore-works"] {
        assert_eq!(state(&restore, today, &format!("recovery-{name}")), State::NotShown, "{name}");
    }
    let drill = without("evidence/drills");
    for name in ["tested", "drills-quarterly", "drills-held"] {
        assert_eq!(state(&drill, today, &format!("recovery-{name}")), State::NotShown, "{name}");
    }
    let name = format!("{FOLDER}/dr.yaml");
    let cell = "    application: content/operations/recovery/application-failure.md\n";
    let gap = changed(&files, &name, cell, "");
    for name in ["tested", "plan-complete"] {
        assert!(state(&gap, today, &format!("recovery-{name}")) >= State::NotShown, "{name}");
    }
    // What is yet to come shows nothing.
    for name in ["drills-quarterly", "drills-held"] {
        assert_eq!(state(&files, "2026-11-30", &format!("recovery-{name}")), State::NotShown, "{name}");
    }
    // What nothing of it touches stays as it is.
    assert!(state(&restore, today, "recovery-drills-held").is_met());
    assert!(state(&drill, today, "recovery-rto").is_met() && state(&gap, today, "recovery-rto").is_met());
}

#[test]
fn each_criterion_turns_with_time_and_where_one_objective_is_missed() {
    let files = held();
    let today = "2026-12-03";
    // Long after: all but the plan itself is due.
    for (name, state) in states(&files, "2027-12-03") {
        let wanted = if name == "recovery-plan-complete" { State::Proven } else { State::Due };
        assert_eq!(state, wanted, "{name}");
    }
    // One objective of one runbook is missed.
    for (objective, names) in
        [("rto", ["rto", "objectives-met", "tested"]), ("rpo", ["rpo", "objectives-met", "tested"])]
    {
        let missed = with_run(&files, "restore-newest", |run| {
            let one = run.objectives.iter_mut().find(|one| one.name == objective).unwrap();
            (one.met, one.measured_ms) = (false, Some(one.limit_ms));
        });
        for name in names {
            assert_eq!(
                state(&missed, today, &format!("recovery-{name}")),
                State::Missed,
                "{objective} {name}"
            );
        }
        assert_eq!(state(&missed, today, "recovery-restore-works"), State::Missed);
        let unmeasured = with_run(&files, "restore-newest", |run| {
            let one = run.objectives.iter_mut().find(|one| one.name == objective).unwrap();
            (one.met, one.measured_ms) = (false, None);
        });
        assert!(!state(&unmeasured, today, &format!("recovery-{objective}")).is_met(), "{objective}");
    }
    // A step that failed, and steps that are others since.
    let failed = with_run(&files, "rebuild-off-site", |run| {
        run.status = Status::Failed;
        run.steps[0].failed = Some("it ended with exit code 1".into());
        run.objectives.iter_mut().for_each(|one| one.met = false);
    });
    assert_eq!(state(&failed, today, "recovery-tested"), State::Missed);
    let page = format!("{PAGES}/rebuild-off-site.md");
    let other = changed(&files, &page, "chmod 700 rebuilt", "chmod 750 rebuilt");
    assert_eq!(state(&other, today, "recovery-tested"), State::NotShown);
    // What is declared loses too much, whatever a drill measured.
    let hourly = changed(&files, &format!("{FOLDER}/dr.yaml"), "archive: true", "archive: false");
    assert_eq!(state(&hourly, today, "recovery-rpo"), State::Missed);
    assert_eq!(state(&hourly, today, "recovery-plan-complete"), State::Missed);
    // The newest drill failed, or no operator held it.
    for (operator, status, wanted) in
        [(Some("primary-1"), "failed", State::Missed), (None, "failed", State::Demonstrated)]
    {
        let mut files = files.clone();
        files.extend([bundle(&files, "2026-12-03T00:00:00Z", operator, status)]);
        for name in ["drills-held", "drills-quarterly"] {
            assert_eq!(state(&files, today, &format!("recovery-{name}")), wanted, "{operator:?} {status}");
        }
    }
    // Data of production's size prove; one runbook of made-up data demonstrates.
    let production = with_run(&files, "restore-newest", |run| run.target.size = "production".into());
    assert_eq!(state(&production, today, "recovery-rto"), State::Demonstrated);
}

#[test]
fn the_time_of_recovery_holds_what_people_need() {
    let files = held();
    let today = "2026-12-03";
    let card = |took: &str| {
        let mut files = files.clone();
        let card = format!(
            r#"{{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://oathbook.dev/card/v1",
            "scenario":"search.database","operator":"primary-1","shown":"2026-12-02T00:00:00Z","declared_ms":{took},"limit_ms":600000}}"#
        );
        files.insert(format!("{EVIDENCE}/drills/cards/1.json"), card);
        state(&files, today, "recovery-rto")
    };
    let hour = 3_600_000.to_string();
    assert_eq!(
        [card("240000"), card(&hour), card("null")],
        [State::Demonstrated, State::Missed, State::Missed]
    );
    let told = reached(&files, today).into_iter().find(|one| one.name == "recovery-rto").unwrap().why;
    assert!(
        told.iter().any(|why| why.contains("of which 25 min are budgets that nobody measured")),
        "{told:?}"
    );
}

#[test]
fn a_drill_that_failed_is_followed_by_an_action_or_a_pass() {
    let files = held();
    assert_eq!(found(&files, "2026-12-03", false), Vec::<String>::new());
    let failed = |operator: Option<&str>| {
        let mut files = files.clone();
        files.extend([bundle(&files, "2026-12-03T00:00:00Z", operator, "failed")]);
        files
    };
    let nothing =
        "recovery-lesson: `dr-full` failed on 2026-12-03, none passed since, and no action follows from it";
    // It is found on every day, and not at night alone: the bundle came with a change.
    for today in ["2026-12-03", "2027-06-01"] {
        assert_eq!(found(&failed(None), today, false), [nothing], "{today}");
    }
    let mut passed = failed(None);
    passed.extend([bundle(&files, "2026-12-04T00:00:00Z", None, "passed")]);
    assert_eq!(found(&passed, "2026-12-05", false), Vec::<String>::new());
    let plan = format!("{PAGES}/plan.md");
    let with = |files: &Files, entry: &str| {
        let mut files = files.clone();
        files.get_mut(&plan).unwrap().push_str(entry);
        found(&files, "2026-12-05", false)
    };
    let entry = "\n### dr-full, 2026-12-03\n\n- Changed: [two](point-in-time.md)\n- Action: [it](https://example.org/1)\n";
    assert_eq!(with(&failed(None), entry), Vec::<String>::new());
    // An entry without an action, one whose page is the plan itself, one of no drill, one without a day.
    assert_eq!(
        with(&failed(None), &entry.replace("Action: [it](https://example.org/1)", "Action: soon")),
        [nothing]
    );
    let none = "recovery-lesson: what this drill taught names no page that it changed";
    for changed in [
        "Changed: nothing",
        "Changed: [here](plan.md)",
        "Change: [two](point-in-time.md)",
        "Changed: [x](https://example.org)",
    ] {
        let entry = entry.replace("Changed: [two](point-in-time.md)", changed);
        assert_eq!(with(&failed(None), &entry), [none], "{changed}");
    }
    let other = with(&files, &entry.replace("2026-12-03", "2026-12-01"));
    assert_eq!(other, ["recovery-lesson: no drill `dr-full` was held on 2026-12-01, by its bundles"]);
    let dayless = with(&files, "\n### What we saw\n\n- Changed: [two](point-in-time.md)\n");
    assert_eq!(dayless, ["recovery-lesson: `What we saw` names no drill and no day"]);
    // Whoever held a drill writes what it taught.
    let mut silent = files.clone();
    silent.extend([bundle(&files, "2026-12-03T00:00:00Z", Some("primary-1"), "passed")]);
    assert_eq!(
        found(&silent, "2026-12-05", false),
        ["recovery-lesson: nobody has written what the drill `dr-full` of 2026-12-03 taught"]
    );
}

#[test]
fn operators_take_turns_and_nobody_is_left_out_for_a_year() {
    let files = held();
    let entry = "\n### dr-full, 2026-12-03\n\n- Changed: [two](point-in-time.md)\n";
    let by = |who: &str| {
        let mut files = files.clone();
        files.extend([bundle(&files, "2026-12-03T00:00:00Z", Some(who), "passed")]);
        files.get_mut(&format!("{PAGES}/plan.md")).unwrap().push_str(entry);
        found(&files, "2026-12-04", false)
    };
    assert_eq!(by("primary-1"), Vec::<String>::new());
    assert_eq!(by("primary-2"), ["recovery-operator: `primary-2` held the drill `dr-full` last"]);
    assert_eq!(by("lead-1"), ["recovery-operator: `lead-1` wrote the runbooks of the drill `dr-full`"]);
    assert!(by("visitor")[0].contains("none of the operators"), "{:?}", by("visitor"));
    let name = format!("{FOLDER}/dr.yaml");
    let alone = changed(&files, &name, "[primary-1, primary-2, primary-3]", "[primary-2, lead-1]");
    assert_eq!(
        found(&alone, "2026-12-04", false),
        ["recovery-operator: 1 of its operators did not write its runbooks, so nobody can take turns"]
    );
    // Whoever took part in none for twelve months is due: a year after their last, or after the schedule began.
    let due = |files: &Files, today: &str| {
        let all = found(files, today, true).into_iter().filter(|one| one.starts_with("recovery-operator"));
        all.collect::<Vec<_>>()
    };
    assert_eq!(due(&files, "2027-12-02"), Vec::<String>::new());
    assert_eq!(due(&files, "2027-12-03").len(), 2, "{:?}", due(&files, "2027-12-03"));
    assert!(due(&files, "2027-12-03")[0].contains("`primary-1` took part in no drill since 2026-12-01"));
    assert!(
        due(&files, "2027-12-04").iter().any(|one| one.contains("`primary-2` took part in a drill last on"))
    );
    assert_eq!(found(&files, "2036-01-01", false), Vec::<String>::new(), "no day matters but at night");
    let mut card = files.clone();
    let played = r#"{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://oathbook.dev/card/v1",
        "scenario":"search.database","operator":"primary-1","shown":"2027-06-01T00:00:00Z","declared_ms":1,"limit_ms":2}"#;
    card.insert(format!("{EVIDENCE}/drills/cards/1.json"), played.into());
    assert_eq!(due(&card, "2027-12-03").len(), 1, "a drill on paper is one");
    // Operators are the people who are on call, where there is a roster.
    let mut roster = files.clone();
    roster
        .insert("oncall.yaml".into(), "people: {primary-1: {contact: a}, primary-2: {contact: b}}\n".into());
    roster.get_mut("book.toml").unwrap().push_str("\n[oncall]\nroster = \"oncall.yaml\"\n");
    assert_eq!(
        found(&roster, "2026-12-04", false),
        ["recovery-operator: the operator `primary-3` is nobody of the roster"]
    );
}

#[test]
fn a_drill_refuses_an_operator_and_a_card_is_scored_and_written_down() {
    let target = std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("targets/drill.toml"));
    let book = scratch("drill-operator", &held()).with("targets/drill.toml", target.unwrap());
    for (who, why) in
        [("lead-1", "wrote the runbooks"), ("primary-2", "held the drill"), ("x", "none of the operators")]
    {
        let done = book.run(&["drill", "run", "dr-full", "--plan", "--operator", who]);
        assert!(done.status.code() == Some(2) && err(&done).contains(why), "{who}: {}", err(&done));
    }
    let done = book.run(&["drill", "run", "dr-full", "--plan", "--operator", "primary-3"]);
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    let all = out(&book.run(&["drill", "card"]));
    assert_eq!(all.matches("# A drill on paper: search.").count(), 4, "{all}");
    let card = out(&book.run(&["drill", "card", "search.database"]));
    assert!(
        card.contains("- the database host is gone, or its disk\n") && card.contains("allows 10 min"),
        "{card}"
    );
    assert!(card.contains("`content/operations/recovery/plan.md`, section Declare"), "{card}");
    let play = |arguments: &[&str]| {
        let mut all = vec!["drill", "card", "search.database", ".", "--operator", "primary-1"];
        all.extend(arguments);
        let done = book.run(&all);
        (done.status.code(), err(&done))
    };
    assert_eq!(play(&["--declared-after", "9m"]).0, Some(0));
    let late = play(&["--declared-after", "10m"]);
    assert!(
        late.0 == Some(1) && late.1.contains("declared after 10 min, the limit is 10 min: NOT in time"),
        "{late:?}"
    );
    assert_eq!(play(&["--never-declared"]).0, Some(1));
    assert_eq!((play(&[]).0, play(&["--declared-after", "soon"]).0), (Some(2), Some(2)));
    let none = book.run(&["drill", "card", "search.disk"]);
    assert!(none.status.code() == Some(2) && err(&none).contains("search.infrastructure"), "{}", err(&none));
    let written = std::fs::read_dir(book.0.join(EVIDENCE).join("drills/cards")).unwrap().count();
    assert_eq!(written, 3);
    book.run(&["build", "-d", "site"]);
    let page = book.read("site/operations/recovery/plan.html");
    assert!(page.contains("<td><span class=\"bad\">never</span> (&lt; 10 min)</td>"), "{page}");
    assert!(page.contains("<td>decide</td><td>10 min</td>") && page.contains(" on paper</td>"), "{page}");
    assert!(
        page.contains("<td>detect</td><td>5 min</td><td><span class=\"run-none\">never measured"),
        "{page}"
    );
}

/// What an engine says that brings back all until then.
fn status(until: &str) -> String {
    format!(
        r#"{{"version":1,"engine":"restic","asked":"2026-12-03T10:00:00Z","repositories":[{{"name":"dumps","readable":true,"encrypted":true,"recoverable_until":{until}}}]}}"#
    )
}

/// The page of the plan.
fn page(name: &str, files: &Files) -> String {
    let book = scratch(name, files);
    book.run(&["build", "-d", "site"]);
    book.read("site/operations/recovery/plan.html")
}

#[test]
fn the_lag_of_the_engine_that_keeps_the_objectives_stands_beside_what_it_may_lose() {
    let (files, name) = (held(), format!("{FOLDER}/dr.yaml"));
    let own = "  journal: /var/lib/search-backup/journal.jsonl\n";
    let mut own = changed(&files, &name, own, &format!("{own}  status: own.json\n"));
    let text = status("\"2026-12-03T09:59:00Z\"").replace("restic", "pgbackrest");
    own.insert(format!("{FOLDER}/own.json"), text);
    let wanted = "<td>backups (pgbackrest)</td><td>2 min</td><td>15 min</td><td><a href=\"restore-newest.html\">operations/recovery/restore-newest.md</a></td><td><span class=\"good\">1 min</span>";
    assert!(page("engine-own", &own).contains(wanted), "{}", page("engine-own", &own));
}

#[test]
fn an_engine_promises_no_less_than_its_interval_and_shows_its_lag() {
    let files = held();
    let name = format!("{FOLDER}/dr.yaml");
    let with = |from: &str, to: &str| found(&changed(&files, &name, from, to), "2026-12-03", false);
    for (from, to, wanted) in [
        (
            "rpo: 7h",
            "rpo: 15m",
            "6 h 30 min can be lost by the engine `logical-dump`, and it promises less than 15 min",
        ),
        ("every: 6h", "every: 12h", "12 h 30 min can be lost"),
        ("    every: 6h\n", "", "does not say how often it runs"),
        ("within: 30m\n    rpo", "within: soon\n    rpo", "is no time: `soon`"),
        (
            "recovery/logical-dump.md\n\nrepositories",
            "recovery/none.md\n\nrepositories",
            "is no page of the book",
        ),
        (
            "    rpo: 7h\n",
            "    rpo: 7h\n    status: status.json\n",
            "`status.json` is no status of an engine",
        ),
    ] {
        let told = with(from, to);
        assert!(told.iter().any(|one| one.contains(wanted)), "{to}: {told:?}");
    }
    // Dumps alone bound the loss by their interval.
    let alone = changed(
        &files,
        &name,
        "  full: { every: 1d, at: \"02:00\" }\n  incremental: { every: 1h, minute: 30 }\n",
        "  dump: { every: 6h, within: 10m }\n",
    );
    let alone = changed(&alone, &name, "archive: true", "archive: false");
    let told = found(&alone, "2026-12-03", false);
    let wanted = "6 h 10 min can be lost, and the objective is less than 15 min: no log is archived in time, so it is the interval of dumps";
    assert!(told.iter().any(|one| one.contains(wanted)), "{told:?}");
    // Its lag when it was asked stands on the page.
    let mut asked = changed(&files, &name, "    rpo: 7h\n", "    rpo: 7h\n    status: status.json\n");
    for (until, wanted) in [
        ("\"2026-12-03T07:00:00Z\"", "<span class=\"good\">3 h</span></td><td>2026-12-03</td>"),
        ("\"2026-12-03T03:00:00Z\"", "<span class=\"bad\">7 h</span>"),
        ("null", "<span class=\"bad\">nothing can be brought back</span>"),
    ] {
        asked.insert(format!("{FOLDER}/status.json"), status(until));
        assert!(page("engine-lag", &asked).contains(wanted), "{until}: {}", page("engine-lag", &asked));
    }
}

#[test]
fn the_plan_stands_in_markdown_in_print_and_in_the_bundle_and_hides_what_is_internal() {
    let files = held();
    let book = scratch("recovery-forms", &files);
    let built = book.run(&["build", "-d", "site"]);
    book.run(&["build", "--offline-bundle", "bundle.html"]);
    let twin = book.read("site/operations/recovery/plan.md");
    for part in [
        "| Service | Failure | Runbook | RTO | RPO | Last run |\n| --- |",
        "| search | Database | [operations/recovery/restore-newest.md](<restore-newest.md>) | &lt; 1 h, ",
        "**What is reached**",
        "## Declare",
    ] {
        assert!(twin.contains(part), "{part}: {}{twin}", err(&built));
    }
    let (print, bundle) = (book.read("site/print.html"), book.read("bundle.html"));
    for (name, text) in [("print", &print), ("bundle", &bundle)] {
        for part in ["<td>search</td><td>Infrastructure</td><td><a href=\"#", "demonstrated (synthetic)"] {
            assert!(text.contains(part), "{name}: {part}");
        }
    }
    // In a public build, a runbook that only the team sees is no gap, and nothing of it is told.
    let page = format!("{PAGES}/rebuild-off-site.md");
    let files = changed(&files, &page, "kind: runbook\n", "kind: runbook\nvisibility: internal\n");
    let book = scratch("recovery-public", &files);
    let built = book.run(&["build", "-d", "site", "--public"]);
    let page = book.read("site/operations/recovery/plan.html");
    assert!(
        page.contains("<td>search</td><td>Infrastructure</td><td>internal</td>"),
        "{}{page}",
        err(&built)
    );
    // What its author wrote into the text is the author's.
    let section = page.split("</section>").next().unwrap();
    assert!(!section.contains("rebuild-off-site"), "{page}");
    assert!(!err(&built).contains("recovery-plan"), "{}", err(&built));
    book.run(&["build", "-d", "all"]);
    assert!(book.read("all/operations/recovery/plan.html").contains("rebuild-off-site.html"));
}

#[test]
fn what_a_plan_states_are_claims_that_faults_contradict() {
    let files = held();
    let claims = |files: &Files, due: bool| {
        let world = world(files, day("2026-12-03"));
        let project = projects(&world, &RelPath::root()).remove(0);
        let opened = Opened::new(&world, &project, Settings { due, ..Settings::default() });
        let report = opened.with(|cx| check::run(cx, &["recovery-plan".to_owned()]));
        let all = report.all().filter(|claim| claim.kind.name() == "recovery");
        all.map(|claim| (claim.subject.to_string(), claim.verdict.name())).collect::<Vec<_>>()
    };
    let of = |files: &Files, due: bool, subject: &str| {
        claims(files, due).into_iter().find(|(one, _)| one == subject).unwrap().1
    };
    let name = format!("{FOLDER}/dr.yaml");
    for (subject, from, to) in [
        ("search.application", "    application: content/operations/recovery/application-failure.md\n", ""),
        (
            "search.database",
            "database: content/operations/recovery/restore-newest.md",
            "database: content/none.md",
        ),
        ("objectives.rpo", "archive: true", "archive: false"),
        ("objectives.rto", "restore: { budget: 25m", "restore: { budget: 50m"),
        ("shipped", "retention-full: 7", "retention-full: 8"),
        ("drills.dr-full.2026-12-02", "[primary-1, primary-2, primary-3]", "[primary-1, primary-3]"),
    ] {
        assert_eq!(of(&files, false, subject), "proven", "{subject}");
        assert_eq!(of(&changed(&files, &name, from, to), false, subject), "contradicted", "{subject}");
    }
    let drill = "drill.dr-full";
    assert_eq!([of(&files, false, drill), of(&files, true, drill)], ["not judged", "proven"]);
    let mut without = files.clone();
    without.retain(|path, _| !path.starts_with(BUNDLES));
    assert_eq!([of(&without, false, drill), of(&without, true, drill)], ["not judged", "contradicted"]);
}

/// The line of a metric.
fn metric(book: &Scratch, name: &str) -> String {
    let text = out(&book.run(&["metrics"]));
    text.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned()
}

#[test]
fn a_histogram_does_not_fall_when_old_evidence_goes() {
    let mut files = held();
    let name = "backup_restoration_time_seconds_count{runbook=\"application-failure\"}";
    let own = newest(&files, &format!("{EVIDENCE}/application-failure"));
    let before = metric(&scratch("retired-before", &files), name);
    let run = Evidence::read(&files[&own], "application-failure").unwrap();
    let line = oathbook::runs::store::Retired::of("application-failure", run.run()).line();
    files.insert(format!("{EVIDENCE}/retired.jsonl"), line.clone() + "torn\n");
    // Kept and written down, it is one run.
    assert_eq!(metric(&scratch("retired-both", &files), name), before);
    // Two runs are a trend, and have a plot.
    let later = run.run().started.replace("2026-", "2027-");
    files.insert(
        format!("{EVIDENCE}/retired.jsonl"),
        line.clone() + &line.replace(&run.run().started, &later) + "torn\n",
    );
    let book = scratch("retired-plot", &files);
    book.run(&["build", "-d", "site"]);
    assert!(book.read("site/operations/recovery/plan.html").contains("href=\"../../recovery-trend.html\""));
    let plotted = book.read("site/recovery-trend.html");
    assert!(
        plotted.contains("stroke-dasharray=\"none\" d=\"M") && plotted.contains("aria-labelledby=\"trend-"),
        "{plotted}"
    );
    files.insert(format!("{EVIDENCE}/retired.jsonl"), line.clone() + "torn\n");
    files.remove(&own);
    let book = scratch("retired-gone", &files);
    assert_eq!(metric(&book, name), before);
    book.run(&["build", "-d", "site"]);
    let page = book.read("site/operations/recovery/plan.html");
    let started = run.run().started[..16].replace('T', " ");
    assert!(page.contains(&format!("<td>{started}</td>")), "the trend has it, too: {page}");
    files.remove(&format!("{EVIDENCE}/retired.jsonl"));
    assert_ne!(metric(&scratch("retired-none", &files), name), before);
}

#[test]
fn the_schema_of_a_backup_status_says_what_is_read() {
    let schema: serde_json::Value = serde_json::from_str(oathbook::runs::status::SCHEMA).unwrap();
    let known = |value: &serde_json::Value| {
        let mut names: Vec<&str> =
            value["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        names.join(" ")
    };
    let repository = &schema["properties"]["repositories"]["items"];
    let backup = &repository["properties"]["backups"]["items"];
    assert_eq!(known(&schema), "asked engine repositories version");
    assert_eq!(known(repository), "backups encrypted name readable recoverable_until");
    assert_eq!(known(backup), "at bytes type");
    // What the shipped script writes where it can read nothing is a status, too; restic need not be there for that.
    let done = std::process::Command::new("bash")
        .arg(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER).join("dump-status"))
        .env("RESTIC_REPOSITORY", "/nowhere")
        .env("RESTIC_PASSWORD", "x")
        .output()
        .unwrap();
    let status = oathbook::runs::status::BackupStatus::read(&out(&done)).unwrap();
    assert!(!status.repositories[0].readable && status.lag().is_none(), "{status:?}");
}
