//! How completely an API is documented, as a page of the book that may only get better.

use super::Api;
use crate::base::Span;
use crate::diag::{Place, Problem, code};
use crate::world::World;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A line of the table, as the page states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// Tenths of a percent.
    pub tenths: usize,
    /// The row's bytes in the page.
    pub span: Span,
}

/// Tenths of a percent as a number of percent.
pub fn percent(tenths: usize) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The rows of a page that [`page`] wrote, by the check's code.
pub fn stated(text: &str) -> BTreeMap<String, Stated> {
    let mut out = BTreeMap::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(start, start + line.trim_end().len());
        start += line.len();
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        let [_, code, _, _, percent] = cells.as_slice() else { continue };
        let Some((whole, part)) = percent.split_once('.') else { continue };
        if let (Ok(whole), Ok(part)) = (whole.parse::<usize>(), part.parse::<usize>()) {
            let tenths = whole.saturating_mul(10).saturating_add(part);
            out.insert(code.trim_matches('`').to_owned(), Stated { tenths, span });
        }
    }
    out
}

/// The table of an API: what is counted, the check, how many of how many.
pub fn table(api: &Api) -> String {
    let mut out = String::from("| What | Check | Covered | Of | Percent |\n|---|---|--:|--:|--:|\n");
    for score in &api.scores {
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "| {} | `{}` | {} | {} | {} |",
            score.title,
            score.code,
            score.total - score.missing,
            score.total,
            percent(score.tenths())
        );
    }
    out
}

/// The page: its own front matter is kept.
pub fn page(api: &Api, old: Option<&str>) -> String {
    let front = old.and_then(|text| {
        let rest = text.strip_prefix("---\n")?;
        let end = rest.find("\n---\n")?;
        text.get(..end + 9)
    });
    let front = front.map_or_else(String::new, |front| format!("{front}\n"));
    let name = &api.config.name;
    format!(
        "{front}# Coverage of the API {name}\n\nHow completely the API document `{}` says what callers must know. Written by `oathbook openapi coverage --write`; a \
         percentage that falls below the one stated here is a finding.\n\n{}",
        api.config.document,
        table(api)
    )
}

/// Rules whose percentage is lower than the page states: code, stated, now, and the row's place.
pub fn fallen(api: &Api, text: &str) -> Vec<(&'static str, usize, usize, Span)> {
    let stated = stated(text);
    let fell = |score: &crate::openapi::lint::Score| {
        let before = stated.get(score.code)?;
        (score.tenths() < before.tenths).then(|| (score.code, before.tenths, score.tenths(), before.span))
    };
    api.scores.iter().filter_map(fell).collect()
}

/// What is wrong with the page of an API.
pub(super) fn problems(world: &dyn World, api: &Api) -> Vec<Problem> {
    let Some(file) = api.config.coverage_page.as_ref().filter(|_| !api.scores.is_empty()) else {
        return Vec::new();
    };
    let Ok(text) = world.text(file) else {
        let message = format!("the coverage page `{file}` is not written");
        let problem = Problem::new(code::OPENAPI_STALE, &api.config.place, file.as_str(), message);
        return vec![problem.help("`oathbook update` writes it")];
    };
    let place = |span| Place { file: file.clone(), span };
    let fallen = fallen(api, &text);
    if fallen.is_empty() && page(api, Some(&text)) != text {
        let message = format!("the coverage page `{file}` states other figures than the document has");
        let problem = Problem::new(code::OPENAPI_STALE, &Place::whole(file.clone()), file.as_str(), message);
        return vec![problem.help("`oathbook update` writes it anew")];
    }
    let tell = |(code, before, now, span): (&'static str, usize, usize, Span)| {
        let message = format!("`{code}` fell from {} to {} percent", percent(before), percent(now));
        Problem::new(code::OPENAPI_COVERAGE, &place(span), code, message)
            .help("close the gaps that `oathbook openapi coverage --gaps` lists, or accept them with `oathbook openapi coverage --write --accept`")
    };
    fallen.into_iter().map(tell).collect()
}
