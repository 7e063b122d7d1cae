//! Accepted findings: `[[checks.allow]]` in `book.toml`, or `<!-- oathbook: allow(code) reason -->` on the page,
//! which holds for the block after it (or its own line). Each needs a reason and may say `until 2027-01-01`.
//! One that is unused or over is itself a finding.

use super::Context;
use super::check::ALL;
use crate::base::{Date, Glob, RelPath};
use crate::config::Allow;
use crate::diag::{Diagnostic, Group, Origin, Place, Severity, code, nearest};
use crate::markdown;
use std::collections::{BTreeMap, HashMap, HashSet};

struct Remark {
    code: String,
    reason: String,
    until: Option<Date>,
    place: Place,
    /// Where its line begins.
    line: u32,
    wrong: Option<String>,
}

/// Takes accepted findings out and adds what is wrong with the acceptances; how many were taken.
pub(super) fn apply(cx: &Context<'_>, diagnostics: &mut Vec<Diagnostic>) -> usize {
    let before = diagnostics.len();
    let mut about = Vec::new();
    let mut open = Open::of(diagnostics);
    for allow in &cx.config.checks.allow {
        by_configuration(cx, allow, &mut open, &mut about);
    }
    // A file that two pages quote brings its remarks to both; they are read once.
    let mut seen = HashSet::new();
    for page in &cx.site().pages {
        for remark in &page.doc.facts.remarks {
            let front = page.doc.facts.front.place.as_ref() == Some(&remark.place);
            if !front && seen.insert(remark.place.clone()) {
                by_remark(cx, &read(remark), &mut open, &mut about);
            }
        }
    }
    let mut left = open.left.into_iter();
    diagnostics.retain(|_| left.next().unwrap_or(true));
    let taken = before - diagnostics.len();
    diagnostics.extend(about);
    taken
}

/// Findings that nothing has accepted yet, by their code and by the places that they name: there may be as many
/// acceptances as findings.
struct Open {
    left: Vec<bool>,
    by_code: HashMap<&'static str, BTreeMap<RelPath, BTreeMap<u32, Vec<usize>>>>,
}

impl Open {
    fn of(diagnostics: &[Diagnostic]) -> Self {
        let mut by_code: HashMap<&str, BTreeMap<RelPath, BTreeMap<u32, Vec<usize>>>> = HashMap::new();
        for (at, found) in diagnostics.iter().enumerate() {
            let of_code = by_code.entry(found.code).or_default();
            // A finding on a line of code is about the pages that it points to.
            let related = found.related.iter().map(|related| &related.place);
            for place in std::iter::once(&found.primary).chain(related) {
                let of_file = of_code.entry(place.file.clone()).or_default();
                of_file.entry(place.span.start).or_default().push(at);
            }
        }
        Self { left: vec![true; diagnostics.len()], by_code }
    }

    /// Takes the findings of a code in the files that a glob matches, below the source folder; whether there were any.
    fn take_files(&mut self, cx: &Context<'_>, allow: &Allow) -> bool {
        let Some(of_code) = self.by_code.get_mut(allow.code.as_str()) else { return false };
        let plain = !allow.page.contains(['*', '?']);
        let page = Glob::new(&allow.page);
        let matches = |file: &RelPath| {
            let path = file.below(cx.site().src()).unwrap_or_else(|| file.clone());
            page.matches(path.as_str())
        };
        let files: Vec<RelPath> = if plain {
            let named = [cx.site().src().join(&allow.page), RelPath::parse(&allow.page)];
            named.into_iter().flatten().filter(|file| of_code.contains_key(file) && matches(file)).collect()
        } else {
            of_code.keys().filter(|file| matches(file)).cloned().collect()
        };
        let mut any = false;
        for file in files {
            for at in of_code.remove(&file).into_iter().flatten().flat_map(|(_, list)| list) {
                any |= take(&mut self.left, at);
            }
        }
        any
    }

    /// Takes the next findings of a code in a file, from a place on, that begin where the first of them does, if that is
    /// not after `until`; whether there were any.
    fn take_next(&mut self, code: &str, file: &RelPath, from: u32, until: u32) -> bool {
        let of_file = self.by_code.get_mut(code).and_then(|files| files.get_mut(file));
        let Some(of_file) = of_file else { return false };
        let next =
            |of_file: &BTreeMap<u32, Vec<usize>>| of_file.range(from..).next().map(|(start, _)| *start);
        while let Some(start) = next(of_file) {
            let list = of_file.get(&start).map(Vec::as_slice).unwrap_or_default();
            let any = list.iter().any(|at| self.left.get(*at) == Some(&true));
            if any && start > until {
                return false;
            }
            // What another acceptance took is not looked at again.
            for at in of_file.remove(&start).unwrap_or_default() {
                take(&mut self.left, at);
            }
            if any {
                return true;
            }
        }
        false
    }
}

/// Takes a finding; whether nothing else had taken it.
fn take(left: &mut [bool], at: usize) -> bool {
    left.get_mut(at).is_some_and(std::mem::take)
}

fn finding(place: &Place, code: &str, message: String, help: &str) -> Diagnostic {
    Diagnostic {
        code: code::SUPPRESSION,
        group: Group::Suspect,
        severity: Severity::Warning,
        origin: Origin::Change,
        message,
        primary: place.clone(),
        related: Vec::new(),
        help: Some(help.to_owned()),
        fix: None,
        subject: code.to_owned(),
        ordinal: 0,
        class: None,
        owner: None,
    }
}

fn unknown(code: &str) -> Option<String> {
    if ALL.iter().any(|check| check.code == code) {
        return None;
    }
    let near = nearest(code, ALL.iter().map(|check| check.code));
    Some(near.map_or_else(
        || format!("there is no check `{code}`"),
        |near| format!("there is no check `{code}`; did you mean `{near}`?"),
    ))
}

fn by_configuration(cx: &Context<'_>, allow: &Allow, open: &mut Open, about: &mut Vec<Diagnostic>) {
    let Some(place) = &allow.place else { return };
    if let Some(message) = unknown(&allow.code) {
        return about.push(finding(place, &allow.code, message, "`oathbook explain` lists the checks"));
    }
    if allow.until.is_some_and(|until| until < cx.today) {
        let message = format!(
            "allowing `{}` ended on {}",
            allow.code,
            allow.until.map_or_else(String::new, |date| date.to_string())
        );
        return about.push(finding(
            place,
            &allow.code,
            message,
            "mend the findings, or set a new date with a new reason",
        ));
    }
    if !open.take_files(cx, allow) && is_on(cx, &allow.code) {
        let message = format!("allowing `{}` on `{}` holds nothing back", allow.code, allow.page);
        about.push(finding(place, &allow.code, message, "remove it"));
    }
}

fn by_remark(cx: &Context<'_>, remark: &Remark, open: &mut Open, about: &mut Vec<Diagnostic>) {
    if let Some(message) = remark.wrong.clone().or_else(|| unknown(&remark.code)) {
        return about.push(finding(
            &remark.place,
            &remark.code,
            message,
            "write `<!-- oathbook: allow(code) reason -->`",
        ));
    }
    if remark.reason.is_empty() {
        let message = format!("allowing `{}` needs a reason", remark.code);
        return about.push(finding(
            &remark.place,
            &remark.code,
            message,
            "write it after the code: a reader of the page's source will ask",
        ));
    }
    if remark.until.is_some_and(|until| until < cx.today) {
        let message = format!(
            "allowing `{}` ended on {}",
            remark.code,
            remark.until.map_or_else(String::new, |date| date.to_string())
        );
        return about.push(finding(
            &remark.place,
            &remark.code,
            message,
            "mend the finding, or set a new date with a new reason",
        ));
    }
    // The next finding of that code from the remark's line on, and all that share its beginning.
    let until = remark.place.span.end.saturating_add(REACH);
    if !open.take_next(&remark.code, &remark.place.file, remark.line, until) && is_on(cx, &remark.code) {
        let message = format!("allowing `{}` here holds nothing back", remark.code);
        let help = "remove the remark; it holds for the next finding of that check on its line or within 500 characters";
        about.push(finding(&remark.place, &remark.code, message, help));
    }
}

/// How far, in bytes, a remark reaches.
const REACH: u32 = 500;

/// Whether a check's findings are shown at all: holding back what nobody sees is no mistake.
fn is_on(cx: &Context<'_>, code: &str) -> bool {
    super::check::find(code)
        .is_some_and(|check| super::report::level(&cx.config.checks, check.code, check.group).is_some())
}

/// `allow(code) reason`, `allow(code) until 2027-01-01: reason`.
fn read(written: &markdown::Remark) -> Remark {
    let markdown::Remark { text, place, line } = written;
    let mut remark = Remark {
        code: String::new(),
        reason: String::new(),
        until: None,
        place: place.clone(),
        line: *line,
        wrong: None,
    };
    let inner = text
        .strip_prefix("allow")
        .and_then(|rest| rest.trim_start().strip_prefix('('))
        .and_then(|rest| rest.split_once(')'));
    let Some((code, reason)) = inner else {
        let word: String = text.chars().take_while(|c| c.is_alphanumeric()).collect();
        remark.wrong = Some(if word == "allow" {
            "the remark names no check".to_owned()
        } else {
            format!("`{word}` is no remark to oathbook")
        });
        return remark;
    };
    remark.code = code.trim().to_owned();
    let mut reason = reason.trim();
    if let Some(rest) = reason.strip_prefix("until ") {
        let (date, after) = rest.split_once([':', ' ']).unwrap_or((rest, ""));
        match date.parse() {
            Ok(date) => remark.until = Some(date),
            Err(message) => remark.wrong = Some(message),
        }
        reason = after.trim();
    }
    remark.reason = reason.to_owned();
    remark
}
