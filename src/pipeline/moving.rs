//! Moving a page: what else must be written so that every link still leads where it led.

use super::Checked;
use crate::base::{RelPath, percent_decode};
use crate::diag::Place;
use crate::markdown::Link;
use crate::model::{Mode, Page, Site, Target, relative};
use crate::world::World;
use std::collections::BTreeMap;

/// The files to write, and what must be done by hand.
#[derive(Debug, Default)]
pub struct Move {
    /// New texts by path; the moved page under its new one.
    pub files: BTreeMap<RelPath, String>,
    /// How many links, quotes and entries of summaries were rewritten.
    pub rewritten: usize,
    /// Links that are not written in one piece, as in `[text][label]`.
    pub left: Vec<Place>,
}

/// Plans the move of `from` to `to`.
pub fn plan_move(world: &dyn World, projects: &[Checked], from: &RelPath, to: &RelPath) -> Move {
    let mut plan = Move::default();
    let mut edits: BTreeMap<RelPath, Vec<(std::ops::Range<usize>, String)>> = BTreeMap::new();
    edits.entry(from.clone()).or_default();
    for Checked { site, .. } in projects {
        for page in &site.pages {
            let Ok(text) = world.text(&page.source) else { continue };
            let links = page.doc.facts.links.iter().zip(&page.targets);
            for (link, target) in links {
                match link_edit(site, page, (link, target), from, to) {
                    Rewrite::Edit(edit) => edits.entry(page.source.clone()).or_default().push(edit),
                    Rewrite::ByHand => plan.left.push(link.place.clone()),
                    Rewrite::None => {}
                }
            }
            for include in page.doc.facts.includes.iter().filter(|include| include.place.file == page.source)
            {
                let edit = include_edit(&text, page, include, from, to);
                edits.entry(page.source.clone()).or_default().extend(edit);
            }
        }
        let summary = site.src().join("SUMMARY.md").ok().filter(|_| site.mode == Mode::Book);
        if let Some((summary, text)) =
            summary.and_then(|path| world.text(&path).ok().map(|text| (path, text)))
        {
            edits.entry(summary.clone()).or_default().extend(summary_edits(&summary, &text, from, to));
        }
    }
    for (file, mut list) in edits {
        let Ok(mut text) = world.text(&file) else { continue };
        list.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
        list.dedup_by(|a, b| a.0 == b.0);
        plan.rewritten += list.len();
        for (range, new) in &list {
            text.replace_range(range.clone(), new);
        }
        if !list.is_empty() || file == *from {
            plan.files.insert(if file == *from { to.clone() } else { file }, text);
        }
    }
    for Checked { site, config, .. } in projects {
        let listed =
            from.below(site.src()).and_then(|path| site.page_at(&path)).filter(|_| site.mode == Mode::Book);
        let (Some(page), Some(file), Some(new)) = (listed, &config.file, to.below(site.src())) else {
            continue;
        };
        let (old, new) = (&site.pages[page].url, site.address_of(&new, config));
        let text = plan.files.get(file).cloned().or_else(|| world.text(file).ok()).unwrap_or_default();
        plan.files.insert(file.clone(), with_redirect(&text, old, &relative(old, &new)));
    }
    plan
}

enum Rewrite {
    None,
    Edit((std::ops::Range<usize>, String)),
    ByHand,
}

/// The edit that keeps a link right, if it changes.
fn link_edit(
    site: &Site,
    page: &Page,
    (link, target): (&Link, &Target),
    from: &RelPath,
    to: &RelPath,
) -> Rewrite {
    let file = match target {
        Target::Page { page, .. } => site.pages[*page].source.clone(),
        Target::File(path) => site.src().join(path.as_str()).unwrap_or_else(|_| path.clone()),
        Target::InRepository(path) => path.clone(),
        _ => return Rewrite::None,
    };
    let written = link.target.trim();
    let end = written.find(['#', '?']).unwrap_or(written.len());
    let (path, rest) = written.split_at(end);
    // A link inside the page moves with it; one from the root of the site does not depend on the page.
    if path.is_empty() || path.starts_with('/') && file != *from || (page.source != *from && file != *from) {
        return Rewrite::None;
    }
    let here = if page.source == *from { to } else { &page.source };
    let there = if file == *from { to } else { &file };
    let mut new = relative(here.as_str(), there.as_str());
    if path.ends_with(".html") && new.ends_with(".md") {
        new.replace_range(new.len() - 2.., "html");
    }
    if path.ends_with('/') && !new.ends_with('/') && !new.ends_with(".md") {
        new.push('/');
    }
    if percent_decode(path) == new {
        return Rewrite::None;
    }
    match &link.target_place {
        Some(place) if place.file == page.source => {
            Rewrite::Edit((place.span.range(), format!("{}{rest}", escaped(&new))))
        }
        _ => Rewrite::ByHand,
    }
}

/// Blanks and brackets end a link's target.
fn escaped(path: &str) -> String {
    path.replace(' ', "%20").replace('(', "%28").replace(')', "%29")
}

fn include_edit(
    text: &str,
    page: &Page,
    include: &crate::markdown::IncludeFact,
    from: &RelPath,
    to: &RelPath,
) -> Option<(std::ops::Range<usize>, String)> {
    if page.source != *from && include.target != *from {
        return None;
    }
    let range = include.place.span.range();
    let directive = text.get(range.clone())?;
    let begin = directive.find(char::is_whitespace)? + 1;
    let begin = begin + (directive[begin..].len() - directive[begin..].trim_start().len());
    let length = directive[begin..].find([':', '#', '}', ' '])?;
    let here = if page.source == *from { to } else { &page.source };
    let there = if include.target == *from { to } else { &include.target };
    let new = relative(here.as_str(), there.as_str());
    let at = range.start + begin;
    (directive[begin..begin + length] != new).then_some((at..at + length, new))
}

fn summary_edits(
    summary: &RelPath,
    text: &str,
    from: &RelPath,
    to: &RelPath,
) -> Vec<(std::ops::Range<usize>, String)> {
    let mut out = Vec::new();
    for (at, _) in text.match_indices("](") {
        let begin = at + 2;
        let Some(length) = text[begin..].find([')', '#', '\n']) else { continue };
        let written = text[begin..begin + length].trim_matches(['<', '>']);
        if summary.parent().join(&percent_decode(written)).is_ok_and(|path| path == *from) {
            out.push((begin..begin + length, escaped(&relative(summary.as_str(), to.as_str()))));
        }
    }
    out
}

/// The configuration with one redirect more.
fn with_redirect(text: &str, old: &str, new: &str) -> String {
    const TABLE: &str = "[output.html.redirect]";
    let line = format!("\"/{old}\" = \"{new}\"\n");
    let mut at = 0;
    for existing in text.split_inclusive('\n') {
        at += existing.len();
        if existing.trim() == TABLE {
            let gap = if existing.ends_with('\n') { "" } else { "\n" };
            return format!("{}{gap}{line}{}", &text[..at], &text[at..]);
        }
    }
    format!("{}\n\n{TABLE}\n{line}", text.trim_end())
}
