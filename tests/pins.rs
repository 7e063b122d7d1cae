//! Facts, captured outputs, bindings and reviews, through the real program.

use crate::cli::{Scratch, err, out};
use std::process::Command;

fn git(scratch: &Scratch, arguments: &[&str]) {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
    let done = Command::new("git").args(identity).args(arguments).current_dir(&scratch.0).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

const CODE: &str =
    "pub struct Limits {\n    pub results: usize,\n    hidden: u8,\n}\n\npub const MOST: usize = 20;\n";

/// A repository without book.toml whose page is bound to its code and recorded.
fn bound(name: &str) -> Scratch {
    let page = "---\nowner: docs-team\nsource: [src/search.rs#Limits]\n---\n\n# Limits\n\nAt most <!-- fact: MOST --><!-- /fact --> results.\n";
    let scratch = Scratch::new(name).with("src/search.rs", CODE).with("README.md", page);
    git(&scratch, &["init", "-q", "-b", "main"]);
    assert_eq!(scratch.run(&["check"]).status.code(), Some(3), "both are mended by update");
    let updated = scratch.run(&["update"]);
    assert_eq!(updated.status.code(), Some(0), "{}", err(&updated));
    assert!(scratch.read("README.md").contains("<!-- fact: MOST -->20<!-- /fact -->"));
    git(&scratch, &["add", "."]);
    git(&scratch, &["commit", "-qm", "one"]);
    let checked = scratch.run(&["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", out(&checked));
    scratch
}

#[test]
fn a_changed_signature_fails_until_somebody_says_why_the_page_is_right() {
    let scratch = bound("review").with("src/search.rs", CODE.replace("results: usize", "results: u32"));
    let checked = scratch.run(&["check"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(out(&checked).contains("[binding-signature]"), "{}", out(&checked));
    let shown = scratch.run(&["review", "README.md"]);
    assert_eq!(shown.status.code(), Some(1), "nothing was answered");
    let text = out(&shown);
    assert!(text.contains("-     pub results: usize,") && text.contains("+     pub results: u32,"), "{text}");
    let answered = scratch.run(&["review", "README.md", "--unchanged", "the type is not told of"]);
    assert_eq!(answered.status.code(), Some(0), "{}", err(&answered));
    assert!(scratch.read("docs.lock").contains("role = \"docs-team\", reason = \"the type is not told of\""));
    assert_eq!(scratch.run(&["check"]).status.code(), Some(0));
    let summary = out(&scratch.run(&["check", "--base", "HEAD", "--format", "markdown"]));
    assert!(summary.contains("nothing changed, docs-team says: the type is not told of"), "{summary}");
}

#[test]
fn an_edited_page_is_recorded_without_a_reason() {
    let scratch = bound("edited").with("src/search.rs", CODE.replace("results: usize", "results: u32"));
    let page = scratch.read("README.md").replace("At most", "At the very most");
    let scratch = scratch.with("README.md", page);
    let answered = scratch.run(&["review", "README.md"]);
    assert_eq!(answered.status.code(), Some(0), "{}", err(&answered));
    assert!(!scratch.read("docs.lock").contains("reason"));
    let summary = out(&scratch.run(&["check", "--base", "HEAD", "--format", "markdown"]));
    assert!(summary.contains("`README.md` tells of `src/search.rs#Limits`: edited"), "{summary}");
}

#[test]
fn a_private_field_is_a_note_and_a_rename_is_followed_by_fix() {
    let scratch = bound("follow").with("src/search.rs", CODE.replace("hidden: u8", "hidden: u16"));
    let checked = scratch.run(&["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", out(&checked));
    assert!(out(&checked).contains("note[binding-body]"), "{}", out(&checked));
    let scratch = scratch.with("src/search.rs", CODE.replace("Limits", "Bounds"));
    assert_eq!(scratch.run(&["check"]).status.code(), Some(1));
    let mended = scratch.run(&["check", "--fix"]);
    assert_eq!(mended.status.code(), Some(0), "{}", out(&mended));
    assert!(scratch.read("README.md").contains("source: [src/search.rs#Bounds]"));
    assert!(scratch.read("docs.lock").contains("README.md -> src/search.rs#Bounds"));
}

#[test]
fn the_summary_opens_with_the_claims_that_a_change_loses() {
    let scratch = bound("ledger").with("src/search.rs", CODE.replace("= 20", "= 30"));
    let checked = scratch.run(&["check", "--base", "HEAD", "--format", "markdown"]);
    assert_eq!(checked.status.code(), Some(3));
    let summary = out(&checked);
    assert!(
        summary.contains("**1 proven claim lost, 0 gained, 1 newly contradicted** by this change."),
        "{summary}"
    );
    assert!(summary.contains("- newly contradicted: fact `MOST` of `README.md`"), "{summary}");
    let fixed = scratch.run(&["check", "--fix"]);
    assert_eq!(fixed.status.code(), Some(0), "{}", out(&fixed));
    assert!(scratch.read("README.md").contains("-->30<!--"));
}

#[test]
fn outputs_are_captured_by_update_exec_alone() {
    let page = "# T\n\n<!-- fact: output cat data.txt from data.txt -->\n<!-- /fact -->\n\n<!-- fact: output wc -l data.txt from data.txt -->\n```console\n```\n<!-- /fact -->\n";
    let scratch = Scratch::new("capture").with("README.md", page).with("data.txt", "one\n");
    git(&scratch, &["init", "-q"]);
    assert_eq!(scratch.run(&["check"]).status.code(), Some(3));
    assert_eq!(scratch.run(&["update"]).status.code(), Some(0));
    assert_eq!(scratch.read("README.md"), page, "nothing is run without --exec");
    let updated = scratch.run(&["update", "--exec"]);
    assert_eq!(updated.status.code(), Some(0), "{}", err(&updated));
    assert!(err(&updated).contains("running `cat data.txt`"), "{}", err(&updated));
    let written = scratch.read("README.md");
    assert!(
        written.contains("```text\none\n```") && written.contains("```console\n1 data.txt\n```"),
        "{written}"
    );
    let checked = scratch.run(&["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", out(&checked));
    let scratch = scratch.with("data.txt", "two\n");
    let stale = scratch.run(&["check"]);
    assert_eq!(stale.status.code(), Some(3));
    assert!(out(&stale).contains("is made from has changed"), "{}", out(&stale));
}

#[test]
fn review_dates_count_at_night_only() {
    let page = "---\nreviewed: 2026-01-01\nreview-every: 90 days\n---\n\n# T\n\nWords.\n";
    let scratch =
        Scratch::new("due").with("README.md", page).with(".github/CODEOWNERS", "* @all\n*.md @docs-team\n");
    git(&scratch, &["init", "-q"]);
    assert_eq!(scratch.run(&["check", "--as-of", "2026-11-27"]).status.code(), Some(0));
    assert_eq!(scratch.run(&["check", "--due", "--as-of", "2026-02-01"]).status.code(), Some(0));
    let due = scratch.run(&["check", "--due", "--as-of", "2026-11-27"]);
    assert_eq!(due.status.code(), Some(1));
    let text = out(&due);
    assert!(
        text.contains("was to be read again by 2026-04-01") && text.contains("`@docs-team` reads it"),
        "{text}"
    );
}

#[test]
fn pages_of_a_kind_are_due_as_book_toml_says_unless_they_say_otherwise() {
    let page =
        |front: &str| format!("---\nkind: guide\nreviewed: 2026-01-01\n{front}---\n\n# A page\n\nWords.\n");
    let book = Scratch::new("due-kind")
        .with("book.toml", "[reviews.every]\nguide = \"90 days\"\n")
        .with("src/SUMMARY.md", "- [One](one.md)\n- [Two](two.md)\n")
        .with("src/one.md", page(""))
        .with("src/two.md", page("review-every: 1 year\n"));
    let due = |day: &str| {
        let output = book.run(&["check", "--due", "--only", "review-due", "--as-of", day]);
        (output.status.code(), String::from_utf8(output.stdout).unwrap().matches("error[review-due]").count())
    };
    assert_eq!(due("2026-04-01"), (Some(0), 0), "the last day");
    assert_eq!(due("2026-04-02"), (Some(1), 1), "the day after");
    assert_eq!(due("2027-01-02"), (Some(1), 2));
    assert_eq!(book.run(&["build"]).status.code(), Some(0));
    let list = book.read("book/due.html");
    let (first, second) =
        (list.find("2026-04-01: read again").unwrap(), list.find("2027-01-01: read again").unwrap());
    assert!(first < second && list.contains("one.html"), "{list}");
}
