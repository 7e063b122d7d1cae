//! Who is on call: a year of a large roster, and the program's own words.

use crate::cli::{Scratch, err, out};
use oathbook::base::{Date, RelPath};
use oathbook::oncall::{Roster, coverage, window};
use std::time::{Duration, Instant};

#[test]
fn a_year_of_five_layers_and_forty_people_is_proven_within_the_time() {
    let people: Vec<String> =
        (0..40).map(|n| format!("p{n}: {{contact: x, zone: America/New_York}}")).collect();
    let names: Vec<String> = (0..40).map(|n| format!("p{n}")).collect();
    let layer = |n: usize| {
        let people = names.join(", ");
        format!("- {{name: l{n}, level: {n}, people: [{people}], every: {n}d, start: 2025-12-29T09:00}}\n")
    };
    let layers: String = (1..=5).map(layer).collect();
    let text = format!("zone: Europe/Berlin\npeople: {{{}}}\nlayers:\n{layers}", people.join(", "));
    let roster = Roster::read(&RelPath::parse("oncall.yaml").unwrap(), &text);
    assert!(roster.problems.is_empty(), "{:?}", roster.problems);
    let begin = Instant::now();
    let all = coverage(&roster, window(Date::new(2026, 1, 5).unwrap(), 52));
    let took = begin.elapsed();
    println!("figure: 52 weeks of 5 layers and 40 people are proven in {} ms, unoptimised", took.as_millis());
    assert!(all.len() == 5 && all.iter().all(|one| one.gaps.is_empty()));
    // The bar is 100 ms for a release build on a machine of its own; this is neither.
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
fn who_is_on_call_is_told_for_an_instant_and_nobody_is_an_error() {
    let roster = "zone: Europe/Berlin\npeople:\n  first-1: {contact: a}\n  first-2: {contact: b}\n  second-1: {contact: c}\nlayers:\n- {name: one, people: [first-1, first-2], every: 1w, start: 2026-01-05T09:00}\n- {name: two, level: 2, people: [second-1], every: 1w, start: 2026-01-05T09:00}\nabsences:\n- {person: second-1, from: 2026-02-01, to: 2026-02-03}\n";
    let book = Scratch::new("oncall-who")
        .with("book.toml", "[oncall]\nroster = \"oncall.yaml\"\n")
        .with("oncall.yaml", roster)
        .with("src/SUMMARY.md", "- [A](a.md)\n")
        .with("src/a.md", "# A\n");
    let who = |at: &str| {
        let done = book.run(&["oncall", "who", "--at", at]);
        (done.status.code(), out(&done))
    };
    let said = |first: &str, second: &str| format!("level 1: {first}\nlevel 2: {second}\n");
    // A minute before a hand-off in summer time, and at it; 13 weeks after the first the second person begins.
    assert_eq!(who("2026-04-06T08:59+02:00"), (Some(0), said("first-1", "second-1")));
    assert_eq!(who("2026-04-06T09:00+02:00"), (Some(0), said("first-2", "second-1")));
    assert_eq!(who("2026-02-02T12:00Z"), (Some(1), said("first-1", "nobody")));
    assert_eq!(who("soon").0, Some(2));
    let checked = book.run(&["check", "--as-of", "2026-01-12", "--only", "oncall-gap"]);
    assert_eq!(checked.status.code(), Some(1), "{}", err(&checked));
    let told = "at level 2 from 2026-01-31 23:00 UTC to 2026-02-02 23:00 UTC";
    assert!(out(&checked).contains(told), "{}", out(&checked));
}
