//! Incidents: from the first line of the log to the review that counts, what other tools send, and ten thousand of them.

use crate::cli::{Scratch, err, out};
use oathbook::base::Date;

const ROSTER: &str = "people:\n  primary-1: {contact: a}\n  lead-1: {contact: b}\nlayers:\n- {name: first, people: [primary-1], every: 1w, start: 2026-01-05T09:00}\n- {name: lead, level: 2, people: [lead-1], every: 1w, start: 2026-01-05T09:00}\n";

const PLAN: &str = "holidays: [2026-11-09]\nseverities:\n  SEV1: {means: all, channel: \"#sev1\", update-every: 30m, review: postmortem, within: 5}\n  SEV2: {means: many, update-every: 1h, review: postmortem, within: 5}\n  SEV3: {means: few, review: short, within: 10}\nroles:\n  commander: {primary: layer first, deputy: layer lead}\naccounts: {octo: lead-1}\n";

fn book(name: &str) -> Scratch {
    Scratch::new(name)
        .with("book.toml", "[oncall]\nroster = \"oncall.yaml\"\n[incidents]\nplan = \"incidents.yaml\"\nrecords = \"incidents\"\n")
        .with("oncall.yaml", ROSTER)
        .with("incidents.yaml", PLAN)
        .with("src/SUMMARY.md", "- [A](a.md)\n- [P](p.md)\n")
        .with("src/a.md", "# A\n\nWords.\n")
        .with("src/p.md", "# P\n\nWords.\n")
}

/// Runs a command that must succeed, and gives what it printed.
fn done(book: &Scratch, arguments: &[&str]) -> String {
    let run = book.run(arguments);
    assert_eq!(run.status.code(), Some(0), "{arguments:?}: {}{}", out(&run), err(&run));
    out(&run).trim().to_owned()
}

/// An incident of a Tuesday, resolved.
fn resolved(book: &Scratch) -> String {
    let open = [
        "incident",
        "open",
        "Searches fail",
        "--severity",
        "SEV2",
        "--at",
        "2026-11-03T02:14Z",
        "--alert",
        "SearchDown",
    ];
    let id = done(book, &open);
    for line in [
        vec!["--acknowledged", "--at", "2026-11-03T02:15Z"],
        vec!["--severity", "SEV1", "--at", "2026-11-03T02:20Z", "All of them"],
        vec!["--update", "We know.", "--at", "2026-11-03T02:40Z"],
        vec!["--handover", "commander", "--to", "lead-1", "--at", "2026-11-03T02:45Z"],
        vec!["--runbook", "src/a.md", "--helped", "yes", "--at", "2026-11-03T02:50Z"],
        vec!["--mitigated", "--at", "2026-11-03T03:00Z"],
    ] {
        done(book, &[vec!["incident", "log", &id], line].concat());
    }
    done(book, &["incident", "resolve", &id, "--at", "2026-11-03T03:05Z"]);
    id
}

/// What `check --due` finds on a day, by code.
fn due(book: &Scratch, day: &str) -> Vec<String> {
    let run = book.run(&["check", "--due", "--as-of", day, "--format", "json"]);
    out(&run)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|found| {
            Some(format!(
                "{}: {}",
                found["rule"].as_str().or(found["code"].as_str())?,
                found["message"].as_str()?
            ))
        })
        .filter(|line| line.starts_with("incident-"))
        .collect()
}

/// What people write into the draft.
fn filled(draft: &str) -> String {
    draft
        .replace(
            "Say in three sentences what happened, why, and what ended it.",
            "A new schema broke the index, and the old one ended it.",
        )
        .replace(
            "| Requests that failed or were slow |  |",
            "| Requests that failed or were slow | 100 % of 4,200 |",
        )
        .replace("| Users who noticed |  |", "| Users who noticed | 310 |")
        .replace(
            "- Name each factor in a few words: then say how it contributed.",
            "- Schema not checked: a build takes any.",
        )
        .replace(
            "Say what could have made it worse and did not, or how near it was.",
            "The old index was still there.",
        )
        .replace(
            "| Say what is done, so that somebody else could do it. | prevent |  |  |  |",
            "| Refuse other schemas | prevent | team-search | 2026-12-01 | <https://example.org/issues/7> |",
        )
}

#[test]
fn a_resolved_incident_owes_a_post_mortem_that_the_draft_alone_is_not() {
    let book = book("incident-thread");
    let id = resolved(&book);
    // Five business days behind Tuesday the 3rd, of which Monday the 9th is a holiday.
    assert_eq!(due(&book, "2026-11-11"), Vec::<String>::new());
    let late = due(&book, "2026-11-12");
    assert_eq!(late, ["incident-review: the incident was SEV1, and owes a post-mortem since 2026-11-11"]);
    assert_eq!(
        book.run(&["check", "--as-of", "2027-06-01"]).status.code(),
        Some(0),
        "a day that passes fails no change"
    );
    std::fs::remove_file(book.0.join("src/p.md")).unwrap();
    done(&book, &["new", "postmortem", "src/p.md", "--incident", &id[11..]]);
    let draft = book.read("src/p.md");
    for known in [
        "severity: SEV1\n",
        "date: 2026-11-03\n",
        "| How long it lasted | 51 min |",
        "Alerts: `SearchDown`. On call: primary-1 at level 1, lead-1 at level 2.",
        "| 2026-11-03 02:15 | acknowledged | Acknowledged (primary-1) |",
    ] {
        assert!(draft.contains(known), "{known}\n{draft}");
    }
    let red = due(&book, "2026-11-04");
    assert!(
        red.len() > 5 && red.iter().any(|line| line.contains("the template's words are left")),
        "{red:#?}"
    );
    assert_eq!(book.run(&["check"]).status.code(), Some(1), "a draft counts for nothing");
    book.with_changed("src/p.md", &filled(&draft));
    assert_eq!(due(&book, "2026-12-01"), Vec::<String>::new());
    assert_eq!(done(&book, &["incident", "list"]), "");
    // The action is late a day after its date, until its ticket is closed.
    let late = due(&book, "2026-12-02");
    assert_eq!(late.len(), 1, "{late:?}");
    assert!(late[0].contains("was due by 2026-12-01, and no file of states knows its ticket"), "{late:?}");
    let book = book.with("tickets.json", r#"[{"url": "https://example.org/issues/7", "state": "CLOSED"}]"#);
    book.with_changed("incidents.yaml", &format!("{PLAN}trackers: [tickets.json]\n"));
    assert_eq!(due(&book, "2026-12-02"), Vec::<String>::new());
    assert_eq!(Date::new(2026, 11, 3).unwrap().to_string(), &id[..10]);
}

#[test]
fn each_part_of_a_post_mortem_that_is_missing_keeps_it_from_counting() {
    let book = book("incident-parts");
    let id = resolved(&book);
    std::fs::remove_file(book.0.join("src/p.md")).unwrap();
    done(&book, &["new", "postmortem", "src/p.md", "--incident", &id]);
    let draft = book.read("src/p.md");
    let whole = filled(&draft);
    book.with_changed("src/p.md", &whole);
    assert_eq!(due(&book, "2026-11-30"), Vec::<String>::new(), "{whole}");
    // Each sentence of the template, left where it was or put back into a page that is whole.
    let template = oathbook::kind::find("postmortem").unwrap().template;
    let prompts: Vec<&str> = template.lines().map(|line| line.trim_start_matches(['-', '|', ' '])).collect();
    let prompts: Vec<&str> = prompts
        .iter()
        .filter_map(|line| line.split(" |").next())
        .filter(|line| line.ends_with('.'))
        .collect();
    assert_eq!(prompts.len(), 4, "{prompts:?}");
    for prompt in prompts {
        book.with_changed(
            "src/p.md",
            &whole.replace("A new schema broke", &format!("{prompt} A new schema broke")),
        );
        let found = due(&book, "2026-11-30");
        assert!(found.iter().any(|line| line.contains(prompt)), "{prompt}: {found:?}");
    }
    let cases = [
        ("severity: SEV1", "severity: SEV2", "was of the severity SEV1"),
        ("date: 2026-11-03", "date: 2026-11-04", "was opened on 2026-11-03"),
        ("| Users who noticed | 310 |", "| Users who noticed |  |", "no figure for “Users who noticed”"),
        (
            "100 % of 4,200 |\n| Users who noticed | 310 |",
            "all |\n| Users who noticed | many |",
            "not told in figures",
        ),
        (
            "2026-11-03 02:15 | acknowledged",
            "2026-11-03 02:16 | acknowledged",
            "acknowledged at 2026-11-03 02:15 UTC",
        ),
        ("2026-11-03 02:15 | acknowledged", "02:15 | acknowledged", "is no time of the timeline"),
        ("2026-11-03 02:15 | acknowledged", "2026-11-03 02:13 | acknowledged", "stands below a later time"),
        ("2026-11-03 02:15 | acknowledged", "2026-11-03 02:15 | seen", "`seen` is no phase"),
        ("| mitigated |", "| |", "does not say when it was mitigated"),
        ("| Mitigated (primary-1) |", "|  |", "what happened at 2026-11-03 03:00 is not said"),
        ("- Schema not checked: a build takes any.", "None.", "no contributing factor"),
        ("The old index was still there.", "", "where you got lucky is not said"),
        ("| prevent |", "| soon |", "not one of prevent, detect, mitigate"),
        ("| team-search |", "|  |", "has no owner"),
        ("| 2026-12-01 |", "| soon |", "has no date"),
        ("<https://example.org/issues/7>", "#7", "has no address of a ticket"),
        ("| Refuse other schemas |", "|  |", "does not say what is done"),
        ("| Action | Kind |", "| Action | Sort |", "has not the columns"),
        ("| Time (UTC) | Phase |", "| When | Phase |", "is no table with the columns"),
    ];
    for (from, to, wanted) in cases {
        assert!(whole.contains(from), "{from}\n{whole}");
        book.with_changed("src/p.md", &whole.replace(from, to));
        let found = due(&book, "2026-11-30");
        assert!(found.iter().any(|line| line.contains(wanted)), "{from} -> {to}: {found:#?}");
    }
}

#[test]
fn updates_are_held_against_the_plan_unless_the_review_says_why_they_were_late() {
    let book = book("incident-late");
    let id = done(&book, &["incident", "open", "Slow", "--severity", "SEV3", "--at", "2026-11-03T08:00Z"]);
    for line in [
        vec!["--acknowledged", "--at", "2026-11-03T08:01Z"],
        // Nothing is planned for SEV3; from here on half an hour is.
        vec!["--severity", "SEV1", "--at", "2026-11-03T10:00Z"],
        vec!["--update", "x", "--at", "2026-11-03T10:30Z"],
        vec!["--update", "x", "--at", "2026-11-03T11:00:01Z"],
        vec!["--mitigated", "--at", "2026-11-03T11:10Z"],
    ] {
        done(&book, &[vec!["incident", "log", &id], line].concat());
    }
    done(&book, &["incident", "resolve", &id, "--at", "2026-11-03T11:20Z"]);
    std::fs::remove_file(book.0.join("src/p.md")).unwrap();
    done(&book, &["new", "postmortem", "src/p.md", "--incident", &id]);
    let whole = filled(&book.read("src/p.md"));
    book.with_changed("src/p.md", &whole);
    let found = due(&book, "2026-11-05");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("from 2026-11-03T10:30:00Z on nobody was told anything for 30 min"),
        "{found:?}"
    );
    let why = "incident: 2026";
    book.with_changed(
        "src/p.md",
        &whole.replace(why, &format!("late-updates: whoever writes them slept\n{why}")),
    );
    assert_eq!(due(&book, "2026-11-05"), Vec::<String>::new());
}

#[test]
fn lines_that_are_added_at_once_are_all_there() {
    let book = book("incident-at-once");
    let id = done(&book, &["incident", "open", "Slow", "--severity", "SEV3", "--at", "2026-11-03T08:00Z"]);
    let texts: Vec<String> = (0..16).map(|n| format!("line {n}: {{a}} \"b\" #c")).collect();
    let running: Vec<_> = texts
        .iter()
        .map(|text| {
            crate::cli::program(&book.0, &["incident", "log", &id, text, "--at", "2026-11-03T09:00Z"])
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut one in running {
        assert!(one.wait().unwrap().success());
    }
    let record = book.read(&format!("incidents/{id}.yaml"));
    for text in &texts {
        assert!(record.contains(&serde_json::Value::from(text.as_str()).to_string()), "{text}\n{record}");
    }
    assert_eq!(record.lines().count(), 3 + 1 + 16, "{record}");
    assert_eq!(book.run(&["check"]).status.code(), Some(0));
}

#[test]
fn what_other_tools_know_is_taken_over_once() {
    let book = book("incident-import")
        .with("am.json", r#"{"version": "4", "groupKey": "{}:{alertname=\"SearchDown\"}", "status": "firing", "commonAnnotations": {"summary": "Searches fail"}, "alerts": [{"status": "firing", "labels": {"alertname": "SearchDown", "severity": "page"}, "annotations": {}, "startsAt": "2026-11-03T02:10:00.123Z", "endsAt": "0001-01-01T00:00:00Z", "fingerprint": "a"}]}"#)
        .with("pd.json", r#"{"log_entries": [{"id": "3", "type": "resolve_log_entry", "created_at": "2026-11-03T03:05:00Z", "agent": {"summary": "Octavia Example"}, "incident": {"id": "PT4KHLK", "summary": "[#12] Searches fail"}}, {"id": "2", "type": "acknowledge_log_entry", "created_at": "2026-11-03T02:15:00Z", "agent": {"summary": "octo"}, "incident": {"id": "PT4KHLK"}}, {"id": "1", "type": "trigger_log_entry", "created_at": "2026-11-03T02:10:00Z", "channel": {"type": "api", "summary": "SearchDown"}, "incident": {"id": "PT4KHLK"}}]}"#)
        .with("gh.json", r#"{"number": 12, "title": "Searches fail", "url": "https://example.org/issues/12", "createdAt": "2026-11-03T02:14:00Z", "closedAt": "2026-11-03T03:05:00Z", "labels": [{"name": "bug"}, {"name": "SEV3"}], "comments": [{"author": {"login": "octo"}, "createdAt": "2026-11-03T02:15:00Z", "body": "/acknowledged"}, {"author": {"login": "stranger"}, "createdAt": "2026-11-03T02:20:00Z", "body": "It is\nslow.\n::error::no"}, {"author": {"login": "octo"}, "createdAt": "2026-11-03T02:30:00Z", "body": "/runbook src/a.md no it lied"}, {"author": {"login": "octo"}, "createdAt": "2026-11-03T02:50:00Z", "body": "/mitigated"}]}"#);
    let take = |file: &str| done(&book, &["incident", "import", file, "--severity", "SEV2"]);
    assert_eq!(
        book.run(&["incident", "import", "am.json"]).status.code(),
        Some(2),
        "nobody says how grave it is"
    );
    let ids = ["am.json", "pd.json", "gh.json"].map(take);
    for (file, id) in ["am.json", "pd.json", "gh.json"].iter().zip(&ids) {
        let before = book.read(&format!("incidents/{id}.yaml"));
        assert_eq!(take(file), "", "{file} is there");
        assert_eq!(book.read(&format!("incidents/{id}.yaml")), before, "{file}");
    }
    let read = |at: usize| book.read(&format!("incidents/{}.yaml", ids[at]));
    assert!(
        read(0).contains("{at: 2026-11-03T02:10:00Z, kind: alert, alert: \"SearchDown\"}"),
        "{}",
        read(0)
    );
    assert!(
        read(1).contains("kind: acknowledged, by: \"lead-1\"") && read(1).contains("kind: resolved}"),
        "{}",
        read(1)
    );
    assert!(!read(1).contains("Octavia"), "a person's name is left out");
    let issue = read(2);
    for wanted in [
        "source: \"https://example.org/issues/12\"",
        "kind: opened, by: \"primary-1\", severity: \"SEV2\"",
        "kind: note, text: \"It is slow. ::error::no\"",
        "kind: runbook, by: \"lead-1\", page: \"src/a.md\", helped: false, text: \"it lied\"",
        "{at: 2026-11-03T02:50:00Z, kind: mitigated, by: \"lead-1\"}",
        "{at: 2026-11-03T03:05:00Z, kind: resolved}",
    ] {
        assert!(issue.contains(wanted), "{wanted}\n{issue}");
    }
    // The same group fires again when its incident is over: that is another one.
    done(&book, &["incident", "resolve", &ids[0], "--at", "2026-11-03T03:00Z"]);
    let again = book.read("am.json").replace("2026-11-03T02:10", "2026-11-04T02:10");
    book.with_changed("am.json", &again);
    assert_eq!(&take("am.json")[..10], "2026-11-04");
    let duplicate = ["incident", "log", &ids[1], "--duplicate-of", &ids[2]];
    done(&book, &duplicate);
    assert_eq!(
        book.run(&["incident", "log", &ids[2], "--duplicate-of", &ids[1]]).status.code(),
        Some(2),
        "no circle"
    );
    let checked = book.run(&["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", out(&checked));
    hostile_files_open_nothing(&book);
}

fn hostile_files_open_nothing(book: &Scratch) {
    for hostile in [
        "",
        "[]",
        "{\"alerts\": [1], \"groupKey\": 3}",
        "{\"log_entries\": [{}]}",
        "{\"createdAt\": \"soon\", \"title\": {}}",
        "{{{",
    ] {
        book.with_changed("am.json", hostile);
        let run = book.run(&["incident", "import", "am.json", "--severity", "SEV2"]);
        assert_eq!(run.status.code(), Some(2), "{hostile}: {}", err(&run));
    }
}

#[test]
fn what_is_asked_for_wrongly_writes_nothing() {
    let book = book("incident-wrong");
    let id = resolved(&book);
    let before = book.read(&format!("incidents/{id}.yaml"));
    let cases: &[&[&str]] = &[
        &["open", "x", "--severity", "SEV9"],
        &["open", " ", "--severity", "SEV1"],
        &["open", "x", "--severity", "SEV1", "--at", "2026-02-30T00:00Z"],
        &["open", "x", "--severity", "SEV1", "--by", "nobody-1"],
        &["log", &id],
        &["log", &id, "x", "--at", "03:14"],
        &["log", "zzz", "x"],
        &["log", &id, "--mitigated"],
        &["log", &id, "--handover", "boss", "--to", "lead-1"],
        &["log", &id, "--handover", "commander"],
        &["log", &id, "--runbook", "src/a.md"],
        &["log", &id, "--review", "x"],
        &["log", &id, "--duplicate-of", &id],
        &["resolve", &id],
        &["import", "book.toml"],
    ];
    for case in cases {
        let run = book.run(&[&["incident"], *case].concat());
        assert_eq!(run.status.code(), Some(2), "{case:?}: {}", err(&run));
    }
    assert_eq!(book.read(&format!("incidents/{id}.yaml")), before);
    assert_eq!(std::fs::read_dir(book.0.join("incidents")).unwrap().count(), 1);
    // A link that leads out of the repository is refused.
    #[cfg(unix)]
    {
        std::fs::remove_dir_all(book.0.join("incidents")).unwrap();
        let elsewhere = Scratch::new("incident-elsewhere");
        std::os::unix::fs::symlink(&elsewhere.0, book.0.join("incidents")).unwrap();
        assert_ne!(book.run(&["incident", "open", "x", "--severity", "SEV1"]).status.code(), Some(0));
        assert_eq!(std::fs::read_dir(&elsewhere.0).unwrap().count(), 0);
    }
}

/// A record of an incident that was reviewed.
fn reviewed(day: &str, letters: &str, more: &str) -> (String, String) {
    let id = format!("{day}-{letters}");
    let text = format!(
        "id: {id}\ntitle: t\nlog:\n- {{at: {day}T02:10:00Z, kind: alert, alert: SearchDown}}\n- {{at: {day}T02:14:00Z, kind: opened, severity: SEV3}}\n- {{at: {day}T02:15:00Z, kind: acknowledged}}\n{more}- {{at: {day}T03:05:00Z, kind: resolved}}\n- {{at: {day}T08:00:00Z, kind: review, by: lead-1, text: w, factors: [\"One pool: x\"]}}\n"
    );
    (format!("incidents/{id}.yaml"), text)
}

#[test]
fn a_third_incident_of_one_alert_is_found_for_ninety_days() {
    let mut book = book("incident-repeat");
    for (day, letters) in [("2026-09-01", "bbbbbb"), ("2026-10-01", "cccccc"), ("2026-11-01", "dddddd")] {
        let (file, text) = reviewed(day, letters, "");
        book = book.with(&file, text);
    }
    let repeated =
        |day: &str| due(&book, day).iter().filter(|line| line.starts_with("incident-repeat")).count();
    // 2026-11-29 is the 90th day, with the 1st of September as the first.
    assert_eq!(
        (repeated("2026-10-31"), repeated("2026-11-01"), repeated("2026-11-29"), repeated("2026-11-30")),
        (0, 2, 2, 0)
    );
}

#[test]
fn a_runbook_that_did_not_help_is_found_until_its_page_changes() {
    let used = "- {at: 2026-11-03T02:20:00Z, kind: runbook, page: src/a.md, helped: false}\n";
    let (file, text) = reviewed("2026-11-03", "bbbbbb", used);
    let book = book("incident-runbook").with(&file, text);
    book.git(&["init", "-q", "-b", "main", "."]);
    let commit = |day: &str, words: &str| {
        book.with_changed("src/a.md", &format!("# A\n\n{words}\n"));
        book.git(&["add", "-A"]);
        let date = format!("{day}T12:00:00Z");
        let done = std::process::Command::new("git")
            .args([
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@example.org",
                "-c",
                "commit.gpgsign=false",
                "commit",
                "-qm",
                words,
            ])
            .current_dir(&book.0)
            .env("GIT_AUTHOR_DATE", &date)
            .env("GIT_COMMITTER_DATE", &date)
            .status()
            .unwrap();
        assert!(done.success());
    };
    commit("2026-11-02", "Before.");
    let found = due(&book, "2026-11-30");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("`src/a.md` did not help in the incident of 2026-11-03"), "{found:?}");
    assert_eq!(book.run(&["check"]).status.code(), Some(0), "whoever logs it at night fails nothing");
    commit("2026-11-04", "After.");
    assert_eq!(due(&book, "2026-11-30"), Vec::<String>::new());
}

#[test]
fn pages_of_a_shift_and_at_night_are_counted_and_alerts_that_lead_to_nothing() {
    let mut history = String::new();
    // The shift of Monday the 2nd to Monday the 9th of November, handed over at 9:00.
    for at in [
        "2026-11-02T08:59:00Z",
        "2026-11-02T09:00:00Z",
        "2026-11-04T22:30:00Z",
        "2026-11-05T05:59:00Z",
        "2026-11-05T06:00:00Z",
    ] {
        history += &format!("{{\"at\":\"{at}\",\"alert\":\"Noisy\",\"severity\":\"page\"}}\n");
    }
    let (file, text) = reviewed("2026-11-03", "bbbbbb", "");
    let book = book("incident-load").with("alerts.jsonl", &history).with(&file, text);
    let plan = |limits: &str| {
        book.with_changed(
            "incidents.yaml",
            &format!("{PLAN}alert-history: alerts.jsonl\nlimits: {{{limits}}}\n"),
        )
    };
    plan("pages-per-shift: 4, night-pages-per-shift: 2, alert-without-incident: 6");
    assert_eq!(due(&book, "2026-11-08"), Vec::<String>::new());
    plan("pages-per-shift: 3, night-pages-per-shift: 1, alert-without-incident: 5");
    let found = due(&book, "2026-11-08");
    for wanted in [
        "began on 2026-11-02 had 4 pages,",
        "had 2 pages at night, and the plan allows 1",
        "`Noisy` woke somebody 5 times in 4 weeks",
    ] {
        assert!(found.iter().any(|line| line.contains(wanted)), "{wanted}: {found:#?}");
    }
    assert_eq!(found.len(), 3, "{found:#?}");
    assert_eq!(due(&book, "2026-12-20"), Vec::<String>::new(), "what is long ago is over");
    // An alert that an incident names led to something.
    let known = serde_json::json!({"groupKey": "g", "alerts": [{"status": "firing", "labels": {"alertname": "SearchDown", "severity": "page"}, "startsAt": "2026-11-03T02:10:00Z"}]});
    let book = book.with("am.json", known.to_string());
    done(&book, &["incident", "import", "am.json", "--history"]);
    done(&book, &["incident", "import", "am.json", "--history"]);
    assert_eq!(book.read("alerts.jsonl").lines().count(), 6, "the same alert is added once");
    assert_eq!(due(&book, "2026-11-08").len(), 3);
    assert!(!due(&book, "2026-11-08").iter().any(|line| line.contains("SearchDown")));
    // Lines that are none.
    book.with_changed(
        "alerts.jsonl",
        "{\n[]\n{\"at\": \"2026-13-01T00:00Z\", \"alert\": \"a\", \"severity\": \"page\"}\n",
    );
    assert_eq!(
        due(&book, "2026-11-08").iter().filter(|line| line.contains("is no alert that fired")).count(),
        3
    );
}

#[test]
fn metrics_count_what_happened_and_promtool_takes_them() {
    let book = book("incident-metrics");
    resolved(&book);
    done(&book, &["incident", "open", "Slow", "--severity", "SEV3", "--at", "2026-11-03T08:00Z"]);
    done(
        &book,
        &[
            "incident",
            "open",
            "An exercise",
            "--severity",
            "SEV3",
            "--at",
            "2026-11-03T08:00Z",
            "--synthetic",
        ],
    );
    let text = out(&book.run(&["metrics"]));
    for line in [
        "incidents_total{severity=\"SEV1\"} 1",
        "incidents_total{severity=\"SEV2\"} 0",
        "incidents_total{severity=\"SEV3\"} 1",
        "incident_resolution_time_seconds_bucket{severity=\"SEV1\",le=\"1800\"} 0",
        "incident_resolution_time_seconds_bucket{severity=\"SEV1\",le=\"3600\"} 1",
        "incident_resolution_time_seconds_bucket{severity=\"SEV1\",le=\"+Inf\"} 1",
        "incident_resolution_time_seconds_sum{severity=\"SEV1\"} 3060",
        "incident_resolution_time_seconds_count{severity=\"SEV3\"} 0",
    ] {
        assert!(text.lines().any(|known| known == line), "{line}\n{text}");
    }
    let child = std::process::Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        return crate::support::skip("promtool", "it is not on the path; Debian's package is prometheus");
    };
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success(), "{}", err(&done));
}

#[test]
fn internal_incidents_stand_on_no_page_of_a_public_site() {
    let book = book("incident-internal");
    let id = done(
        &book,
        &[
            "incident",
            "open",
            "A key was published",
            "--severity",
            "SEV1",
            "--internal",
            "--at",
            "2026-11-03T02:14Z",
        ],
    );
    done(&book, &["incident", "log", &id, "--acknowledged", "--at", "2026-11-03T02:15Z"]);
    done(&book, &["incident", "log", &id, "--update", "x", "--at", "2026-11-03T02:40Z"]);
    done(&book, &["incident", "log", &id, "--mitigated", "--at", "2026-11-03T02:50Z"]);
    done(&book, &["incident", "resolve", &id, "--at", "2026-11-03T03:00Z"]);
    std::fs::remove_file(book.0.join("src/p.md")).unwrap();
    done(&book, &["new", "postmortem", "src/p.md", "--incident", &id]);
    let page = filled(&book.read("src/p.md")).replace("Refuse other schemas", "Rotate the key");
    assert!(page.contains("visibility: internal\n"), "{page}");
    book.with_changed("src/p.md", &page.replace("visibility: internal\n", ""));
    assert!(
        due(&book, "2026-11-04").iter().any(|line| line.contains("is internal, and its post-mortem is not"))
    );
    book.with_changed("src/p.md", &page);
    assert_eq!(due(&book, "2026-11-04"), Vec::<String>::new());
    done(&book, &["build", "-d", "team"]);
    assert!(book.read("team/incidents.html").contains("A key was published</a> <small>(internal)</small>"));
    assert!(book.read("team/actions.html").contains("Rotate the key"));
    done(&book, &["build", "--public", "-d", "public"]);
    for entry in walkdir::WalkDir::new(book.0.join("public")).into_iter().filter_map(Result::ok) {
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        for secret in ["A key was published", "Rotate the key", id.as_str()] {
            assert!(!text.contains(secret), "{secret} in {}", entry.path().display());
        }
    }
}

#[test]
fn ten_thousand_incidents_are_judged_in_time_and_what_is_hostile_is_a_finding() {
    let mut world = oathbook::world::MemoryWorld::new()
        .with("book.toml", "[oncall]\nroster = \"oncall.yaml\"\n[incidents]\nplan = \"incidents.yaml\"\nrecords = \"incidents\"\n")
        .with("oncall.yaml", ROSTER)
        .with("incidents.yaml", PLAN)
        .with("src/SUMMARY.md", "- [A](a.md)\n")
        .with("src/a.md", "# A\n\nWords.\n");
    for n in 0..10_000_i64 {
        let day = Date::from_days(Date::new(2026, 1, 1).unwrap().days() + n % 300).to_string();
        let (file, text) = reviewed(&day, &format!("x{n:05}"), "");
        world.set(&file, text);
    }
    let world = world.at(Date::new(2026, 12, 1).unwrap());
    let begin = std::time::Instant::now();
    let found = crate::support::check_change(&world, None, (true, true));
    let took = begin.elapsed();
    println!("figure: 10,000 incidents are judged in {} ms, unoptimised", took.as_millis());
    // Each alert and factor is told once, however many incidents there are.
    let of: Vec<&str> = found[0]
        .report
        .diagnostics
        .iter()
        .map(|one| one.code)
        .filter(|code| code.starts_with("incident"))
        .collect();
    assert_eq!(of, ["incident-repeat", "incident-repeat"]);
    // The bar is 1 s for a release build on a machine of its own; this is neither.
    assert!(took < std::time::Duration::from_secs(15), "{took:?}");
    let deep = format!("log: {}", "[".repeat(100_000));
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e]\n".to_owned();
    let long = format!("id: x\ntitle: \"{}\"\n", "y".repeat(5 << 20));
    for (number, hostile) in
        [deep, bomb, long, "\u{0}\u{1}".to_owned(), "- - - -".to_owned(), "log: 7".to_owned(), String::new()]
            .into_iter()
            .enumerate()
    {
        for file in [format!("incidents/h{number}.yaml"), "incidents.yaml".to_owned()] {
            let world = oathbook::world::MemoryWorld::new()
                .with("book.toml", "[incidents]\nplan = \"incidents.yaml\"\nrecords = \"incidents\"\n")
                .with("incidents.yaml", PLAN)
                .with("src/SUMMARY.md", "- [A](a.md)\n")
                .with("src/a.md", "# A\n")
                .with(&file, hostile.clone());
            let found = crate::support::check_change(&world, None, (false, true));
            let there = found[0].report.diagnostics.iter().any(|one| one.primary.file.as_str() == file);
            assert!(there, "{file} {number}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_shipped_runbook_of_an_incident_does_what_it_says() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
    let mut book = Scratch::new("incident-runbook-runs")
        .with("book.toml", "")
        .with("src/SUMMARY.md", "- [I](incident.md)\n")
        .with("src/incident.md", read("content/service/runbooks/incident.md"))
        .with("targets/desk.toml", read("targets/desk.toml"));
    for name in ["incidents.yaml", "oncall.yaml", "tickets.json", "alert-history.jsonl"] {
        let file = format!("examples/search-service/deploy/{name}");
        book = book.with(&file, read(&file));
    }
    let run = book.run(&["run", "src/incident.md", "--target", "desk"]);
    assert_eq!(run.status.code(), Some(0), "{}", err(&run));
}

#[test]
fn whoever_goes_off_call_hands_over_what_is_open_and_what_is_owed_is_in_the_calendar() {
    let roster = ROSTER
        .replace("people: [primary-1]", "people: [primary-1, primary-2]")
        .replace("  lead-1:", "  primary-2: {contact: c}\n  lead-1:");
    let book = book("incident-handover");
    book.with_changed("oncall.yaml", &roster);
    book.with_changed(
        "incidents.yaml",
        &format!("{PLAN}status-page: {{identified: \"We know the cause.\"}}\nalert-history: alerts.jsonl\n"),
    );
    let book = book.with("alerts.jsonl", "{\"at\":\"2026-11-03T02:10:00Z\",\"alert\":\"SearchDown\",\"severity\":\"page\"}\n{\"at\":\"2026-11-01T02:10:00Z\",\"alert\":\"Earlier\",\"severity\":\"page\"}\n");
    let id = resolved(&book);
    let open = ["incident", "open", "Searches are slow", "--severity", "SEV2", "--at", "2026-11-09T08:00Z"];
    let run = book.run(&open);
    let other = out(&run).trim().to_owned();
    assert!(err(&run).contains("the next update is due by 2026-11-09T09:00:00Z"), "{}", err(&run));
    let run = book.run(&["incident", "log", &other, "--update", "identified", "--at", "2026-11-09T08:10Z"]);
    assert_eq!(out(&run), "We know the cause.\n");
    assert!(
        book.read(&format!("incidents/{other}.yaml"))
            .contains("kind: update, by: \"primary-2\", text: \"We know the cause.\"")
    );
    // The hand-off is on Monday at nine.
    let told = done(&book, &["incident", "handover", "--at", "2026-11-09T09:00Z"]);
    let wanted = format!(
        "primary-2 hands over to primary-1 what was since 2026-11-02 09:00\nwithout its review: {id} SEV1 Searches fail, since 2026-11-03 02:14\nopen: {other} SEV2 Searches are slow, since 2026-11-09 08:00\n  last: We know the cause.\npaged: SearchDown at 2026-11-03 02:10"
    );
    assert_eq!(told, wanted);
    done(&book, &["build", "-d", "site", "--as-of", "2026-11-09"]);
    let calendar = book.read("site/due.ics");
    assert!(
        calendar.contains("DTSTART;VALUE=DATE:20261111\r\nSUMMARY:Review: Searches fail\r\n"),
        "{calendar}"
    );
    let page = book.read("site/incidents.html");
    for wanted in [
        "<h2>Open now</h2>",
        "<strong>SEV2</strong> Searches are slow",
        "<title id=\"count-t\">Incidents by month</title>",
        "As a table",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
}

#[test]
fn a_lesser_incident_owes_a_short_review_or_a_reason_by_somebody_who_is_named() {
    let book = book("incident-short");
    let id = done(&book, &["incident", "open", "Slow", "--severity", "SEV3", "--at", "2026-11-03T08:00Z"]);
    assert_eq!(due(&book, "2027-01-01"), Vec::<String>::new(), "it is not resolved");
    done(&book, &["incident", "resolve", &id, "--at", "2026-11-03T09:00Z"]);
    // Ten business days behind Tuesday the 3rd, with a holiday on Monday the 9th.
    assert_eq!(due(&book, "2026-11-18"), Vec::<String>::new());
    assert_eq!(
        due(&book, "2026-11-19"),
        ["incident-review: the incident was SEV3, and owes a review since 2026-11-18"]
    );
    let file = format!("incidents/{id}.yaml");
    let before = book.read(&file);
    for (line, wanted) in [
        ("kind: review, none: \"an exercise\"}", Some("a review says by whom")),
        ("kind: review, by: nobody-1, none: \"an exercise\"}", Some("`nobody-1` is nobody of the roster")),
        ("kind: review, by: lead-1, none: \"\"}", Some("the review has no words")),
        ("kind: review, by: lead-1, none: \"an exercise\"}", None),
        ("kind: review, by: lead-1, text: \"It was slow.\"}", Some("names no contributing factor")),
        (
            "kind: review, by: lead-1, text: w, factors: [a], actions: [{what: x, kind: prevent, owner: t}]}",
            Some("has no date"),
        ),
        ("kind: review, by: lead-1, text: w, factors: [a]}", None),
    ] {
        book.with_changed(&file, &format!("{before}  - {{at: 2026-11-04T08:00:00Z, {line}\n"));
        let found = due(&book, "2026-11-30");
        match wanted {
            Some(wanted) => assert!(found.iter().any(|line| line.contains(wanted)), "{line}: {found:?}"),
            None => assert_eq!(found, Vec::<String>::new(), "{line}"),
        }
    }
}
