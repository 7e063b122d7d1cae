//! Check boxes of pages, and the comments beside them.

use super::Item;
use super::proof::Stated;
use crate::base::RelPath;
use crate::diag::{Place, Problem, code};
use crate::evidence::context::Context;
use crate::markdown::{CheckBox, MarkKind};
use crate::model::{Page, PageId};
use std::collections::BTreeMap;

/// All boxes of pages that have a proof; a box without one is red there.
pub(super) fn read(cx: &Context<'_>, problems: &mut Vec<Problem>) -> Vec<Item> {
    let mut out = Vec::new();
    for (id, page) in cx.pages() {
        let marks: Vec<(&Place, &str)> = page
            .doc
            .facts
            .marks
            .iter()
            .filter_map(|mark| match &mark.kind {
                // What a page quotes is judged where it stands.
                MarkKind::Proof(text) if mark.place.file == page.source => Some((&mark.place, text.as_str())),
                _ => None,
            })
            .collect();
        if marks.is_empty() {
            continue;
        }
        let Ok(text) = cx.world.text(&page.source) else { continue };
        let mut items = items(id, page, &text);
        for (place, stated) in marks {
            let before = items.iter().rposition(|item| item.place.span.start <= place.span.start);
            let beside = before.and_then(|at| items.get_mut(at));
            match beside.filter(|item| place.span.start < item.end) {
                Some(item) => item.state(place, Stated::parse(stated), problems),
                None => {
                    let found =
                        Problem::new(code::PROOF, place, "beside", "this proof stands beside no check box");
                    problems
                        .push(found.help("write it into the line of a box: `- [ ] text <!-- proof: … -->`"));
                }
            }
        }
        out.append(&mut items);
    }
    same_twice(&out, problems);
    out
}

/// The boxes of a page, each with the headings above it and its text.
fn items(id: PageId, page: &Page, text: &str) -> Vec<Item> {
    let facts = &page.doc.facts;
    let own = |one: &&CheckBox| one.place.file == page.source;
    let boxes: Vec<(usize, &CheckBox)> = facts.boxes.iter().enumerate().filter(|(_, one)| own(one)).collect();
    let headings: Vec<(u32, u8, &str)> = facts
        .headings
        .iter()
        .filter(|heading| heading.place.file == page.source)
        .map(|heading| (heading.place.span.start, heading.level, heading.text.as_str()))
        .collect();
    let mut out = Vec::new();
    for (at, (number, one)) in boxes.iter().enumerate() {
        let next = boxes.get(at + 1).map_or(u32::MAX, |(_, next)| next.place.span.start);
        let heading = headings.iter().map(|(start, _, _)| *start).find(|start| *start > one.place.span.start);
        let end = next.min(heading.unwrap_or(u32::MAX));
        let rest = text.get(one.place.span.end as usize..(end as usize).min(text.len())).unwrap_or("");
        let length = item_length(rest);
        let end = one.place.span.end.saturating_add(u32::try_from(length).unwrap_or(u32::MAX));
        out.push(Item {
            id: None,
            page: id,
            file: page.source.clone(),
            headings: path(&headings, one.place.span.start),
            text: words(rest.get(..length).unwrap_or("")),
            place: one.place.clone(),
            mark: None,
            line: text.get(..one.place.span.start as usize).unwrap_or("").matches('\n').count() + 1,
            number: *number,
            checked: one.checked,
            end,
            stated: Stated::default(),
            judged: super::Judged::default(),
        });
    }
    out
}

/// Bytes up to where the item's own text ends: at a blank line, or at the next item of a list.
fn item_length(text: &str) -> usize {
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let bare = line.trim_start();
        let marker = bare.strip_prefix(['-', '*', '+']).is_some_and(|rest| rest.starts_with([' ', '\t']))
            || bare.trim_start_matches(|sign: char| sign.is_ascii_digit()).starts_with(". ");
        if number > 0 && (bare.is_empty() || marker) {
            break;
        }
        at += line.len();
    }
    at
}

/// The text without comments and without line ends.
fn words(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The headings above a place, the outermost first; the page's title is none of them.
fn path(headings: &[(u32, u8, &str)], at: u32) -> Vec<String> {
    let mut out: Vec<(u8, &str)> = Vec::new();
    for (_, level, text) in headings.iter().take_while(|(start, _, _)| *start < at) {
        out.retain(|(above, _)| above < level);
        out.push((*level, *text));
    }
    out.into_iter().filter(|(level, _)| *level > 1).map(|(_, text)| text.to_owned()).collect()
}

/// Two boxes of one name cannot be told apart: one of them needs an id; and an id is one box's.
fn same_twice(items: &[Item], problems: &mut Vec<Problem>) {
    let mut names: BTreeMap<(&RelPath, String), &Place> = BTreeMap::new();
    let mut ids: BTreeMap<&str, &Place> = BTreeMap::new();
    for item in items {
        let Some(id) = &item.id else {
            if let Some(first) = names.insert((&item.file, item.name()), &item.place) {
                let message =
                    format!("two boxes are called `{}`, and neither can be told from the other", item.name());
                let found = Problem::new(code::PROOF, &item.place, item.name(), message);
                problems.push(
                    found.related(first, "the other").help("give one an id: `<!-- proof: id=NAME … -->`"),
                );
            }
            continue;
        };
        if let Some(first) = ids.insert(id, &item.place) {
            let message = format!("two boxes have the id `{id}`");
            let found = Problem::new(code::PROOF, &item.place, id.clone(), message);
            problems.push(found.related(first, "the other").help("an id is that of one box of the book"));
        }
    }
}

impl Item {
    /// Takes what a comment says; a box may have several.
    fn state(&mut self, place: &Place, stated: Stated, problems: &mut Vec<Problem>) {
        for refusal in &stated.refused {
            let found = Problem::new(code::PROOF, place, self.name(), refusal.message.clone());
            problems.push(found.help(refusal.help.clone()));
        }
        let Stated { id, proofs, refused, deviation } = stated;
        self.id = self.id.take().or(id);
        self.stated.proofs.extend(proofs);
        self.stated.refused.extend(refused);
        self.stated.deviation = self.stated.deviation.take().or(deviation);
        self.mark.get_or_insert_with(|| place.clone());
    }
}
