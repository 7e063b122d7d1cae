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
    assert_eq!(
        late,
        [format!("incident-review: the incident was SEV1, and owes a post-mortem since 2026-11-11")]
    );
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
