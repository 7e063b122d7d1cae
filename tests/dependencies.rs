//! Licences, bans and sources of all dependencies, by what deny.toml lists: on every system and with every feature. What
//! needs a database is asked of `cargo deny`, where both are at hand.

use crate::support::skip;
use oathbook::base::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// A package of Cargo.lock.
struct Locked {
    name: String,
    source: Option<String>,
    dependencies: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn toml(name: &str) -> toml::Table {
    std::fs::read_to_string(root().join(name)).unwrap().parse().unwrap()
}

fn texts(value: &toml::Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(toml::Value::as_str).collect()
}

fn locked() -> Vec<Locked> {
    let lock = toml("Cargo.lock");
    let package = |package: &toml::Value| Locked {
        name: package["name"].as_str().unwrap().to_owned(),
        source: package.get("source").and_then(toml::Value::as_str).map(str::to_owned),
        dependencies: package
            .get("dependencies")
            .map(texts)
            .unwrap_or_default()
            .into_iter()
            .map(|text| text.split(' ').next().unwrap().to_owned())
            .collect(),
    };
    lock["package"].as_array().unwrap().iter().map(package).collect()
}

/// Whether a licence's expression (SPDX, and Cargo's old `/`) is met by allowed licences alone: one of those that `OR`
/// joins, all of those that `AND` joins.
fn is_met(expression: &str, allowed: &BTreeSet<&str>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (met, rest) = any(&words, allowed);
    assert!(rest.is_empty(), "`{expression}` is no expression");
    met
}

fn any<'w>(words: &'w [&'w str], allowed: &BTreeSet<&str>) -> (bool, &'w [&'w str]) {
    let (mut met, mut rest) = all(words, allowed);
    while let Some((&"OR", further)) = rest.split_first() {
        let (other, left) = all(further, allowed);
        (met, rest) = (met || other, left);
    }
    (met, rest)
}

fn all<'w>(words: &'w [&'w str], allowed: &BTreeSet<&str>) -> (bool, &'w [&'w str]) {
    let (mut met, mut rest) = one(words, allowed);
    while let Some((&"AND", further)) = rest.split_first() {
        let (other, left) = one(further, allowed);
        (met, rest) = (met && other, left);
    }
    (met, rest)
}

fn one<'w>(words: &'w [&'w str], allowed: &BTreeSet<&str>) -> (bool, &'w [&'w str]) {
    match words {
        ["(", inside @ ..] => {
            let (met, rest) = any(inside, allowed);
            (met, rest.strip_prefix(&[")"]).unwrap())
        }
        [name, "WITH", exception, rest @ ..] => {
            (allowed.contains(format!("{name} WITH {exception}").as_str()) || allowed.contains(name), rest)
        }
        [name, rest @ ..] => (allowed.contains(name), rest),
        [] => (false, &[]),
    }
}

#[test]
fn expressions_of_licences_are_read_as_they_are_meant() {
    let allowed = BTreeSet::from(["MIT", "Apache-2.0", "ISC", "X WITH e"]);
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("MIT/GPL-3.0", true),
        ("MIT AND GPL-3.0", false),
        ("MIT AND ISC", true),
        ("(MIT OR GPL-3.0) AND ISC", true),
        ("(MIT OR ISC) AND GPL-3.0", false),
        ("GPL-3.0 OR MIT AND GPL-2.0", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("X WITH e OR Y", true),
        ("X WITH f", false),
    ] {
        assert_eq!(is_met(expression, &allowed), met, "{expression}");
    }
}

/// What `cargo metadata` says of every package; of this system's alone, where the others' were never fetched.
fn metadata() -> serde_json::Value {
    let ask = |more: &[&str]| {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
        let arguments = ["metadata", "--offline", "--locked", "--all-features", "--format-version", "1"];
        let done = Command::new(cargo).args(arguments).args(more).current_dir(root()).output().unwrap();
        done.status.success().then(|| serde_json::from_slice(&done.stdout).unwrap())
    };
    if let Some(all) = ask(&[]) {
        return all;
    }
    skip("licences-of-other-systems", "their crates were not fetched; `cargo fetch --locked` does it");
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let said = String::from_utf8(rustc.stdout).unwrap();
    let host = said.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    ask(&["--filter-platform", host]).unwrap()
}

#[test]
fn every_licence_is_one_that_is_listed() {
    let deny = toml("deny.toml");
    let licences = &deny["licenses"];
    let listed: BTreeSet<&str> = texts(&licences["allow"]).into_iter().collect();
    let exceptions: BTreeMap<&str, Vec<&str>> = licences["exceptions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["crate"].as_str().unwrap(), texts(&one["allow"])))
        .collect();
    let metadata = metadata();
    let (mut wrong, mut used) = (Vec::new(), BTreeSet::new());
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let Some(licence) = package["license"].as_str() else {
            wrong.push(format!("{name} states no licence"));
            continue;
        };
        if is_met(licence, &listed) {
            continue;
        }
        let more = exceptions.get(name).cloned().unwrap_or_default();
        let allowed: BTreeSet<&str> = listed.iter().copied().chain(more).collect();
        if is_met(licence, &allowed) {
            used.insert(name);
        } else {
            wrong.push(format!("{name}: {licence}"));
        }
    }
    assert!(wrong.is_empty(), "licences that deny.toml does not list:\n{}", wrong.join("\n"));
    let unused: Vec<&&str> = exceptions.keys().filter(|name| !used.contains(**name)).collect();
    assert!(unused.is_empty(), "exceptions that nothing needs: {unused:?}");
}

#[test]
fn no_dependency_is_banned_and_all_come_from_the_registry() {
    let deny = toml("deny.toml");
    let locked = locked();
    let mut wrong = Vec::new();
    for ban in deny["bans"]["deny"].as_array().unwrap() {
        let name = ban["crate"].as_str().unwrap();
        let reason = ban["reason"].as_str().unwrap();
        let wrappers = ban.get("wrappers").map(texts).unwrap_or_default();
        for user in locked.iter().filter(|package| package.dependencies.iter().any(|used| used == name)) {
            if !wrappers.contains(&user.name.as_str()) {
                wrong.push(format!("{} uses {name}: {reason}", user.name));
            }
        }
        for wrapper in wrappers {
            let needed = locked.iter().any(|package| {
                package.name == wrapper && package.dependencies.iter().any(|used| used == name)
            });
            assert!(needed, "{wrapper} no longer uses {name}: take it from the list");
        }
    }
    assert_eq!(
        (deny["sources"]["unknown-registry"].as_str(), deny["sources"]["unknown-git"].as_str()),
        (Some("deny"), Some("deny"))
    );
    for package in &locked {
        match package.source.as_deref() {
            None if package.name == "oathbook" => {}
            Some("registry+https://github.com/rust-lang/crates.io-index") => {}
            other => wrong.push(format!("{} comes from {other:?}", package.name)),
        }
    }
    assert!(locked.len() > 150 && wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_exception_has_a_reason_and_a_day_on_which_somebody_looks_again() {
    let deny = toml("deny.toml");
    let ignored = deny["advisories"]["ignore"].as_array().unwrap();
    let wrapped = deny["bans"]["deny"].as_array().unwrap().iter().filter(|ban| ban.get("wrappers").is_some());
    for exception in ignored.iter().chain(wrapped) {
        let reason = exception["reason"].as_str().unwrap_or_default();
        let day = reason.split("until ").nth(1).and_then(|rest| rest.get(..10)?.parse::<Date>().ok());
        let day = day.unwrap_or_else(|| panic!("{exception:?} does not say until when"));
        assert!(day >= oathbook::shell::today(), "the day of {exception:?} has come: does it still hold?");
    }
}

#[test]
fn no_advisory_tells_of_a_dependency() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let deny = |arguments: &[&str]| {
        Command::new(&cargo).arg("deny").args(arguments).current_dir(root()).output().unwrap()
    };
    if !deny(&["--version"]).status.success() {
        return skip("advisories", "not checked: there is no `cargo deny` here, and so no database");
    }
    let done = deny(&["--offline", "check", "advisories"]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    if said.contains("failed to load advisory database") || said.contains("failed to fetch advisory database")
    {
        return skip("advisories", "not checked: there is no database of advisories here");
    }
    assert!(done.status.success(), "{said}");
}
