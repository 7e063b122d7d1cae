//! What the change under review does to callers of the APIs, and the pages that tell of what it changes.

pub(super) mod api_change;

use super::api::Apis;
use super::api::{Api, apis};
use super::check::Check;
use super::{Context, Evidence, Reads};
use crate::base::{LineIndex, RelPath, Steps};
use crate::config::Config;
use crate::diag::Place;
use crate::markdown::cited;
use crate::model::Site;
use crate::openapi::Document;
use crate::openapi::diff::{self, Class, Options};
use crate::openapi::utoipa::Cache;
use crate::world::World;
use std::collections::HashMap;
use std::sync::Arc;

/// One change of one API.
#[derive(Debug)]
pub struct ApiChange {
    /// The API's name.
    pub api: String,
    /// What changed.
    pub change: diff::Change,
    /// Where it was written at the base: `openapi.json:12`.
    pub before: String,
    /// Where pages mention an operation that it reaches.
    pub mentions: Vec<Place>,
}

/// Mentions that are noted of one change.
const MENTIONS: usize = 10;

/// Compares every API with what it was at the base. One that was not there has no callers yet.
pub fn changes(
    base: &dyn World,
    head: &dyn World,
    config: &Config,
    site: &Site,
    (now, cache): (&[Api], &Cache),
) -> Vec<ApiChange> {
    if now.is_empty() {
        return Vec::new();
    }
    let options = Options { today: head.today(), grace_days: 0 };
    let before = apis(base, config, cache);
    let mut lines = Lines { world: base, files: HashMap::new() };
    let mut pages: Option<Vec<(RelPath, Vec<Mention>)>> = None;
    let steps = Steps::new(MOST_HELD);
    let mut out = Vec::new();
    for api in now {
        let old = before.iter().find(|old| old.config.name == api.config.name);
        let Some(old) = old.filter(|old| old.document.root.map().is_some()) else { continue };
        if api.document.root.map().is_none() {
            continue;
        }
        let ids: HashMap<String, &str> = [&old.document, &api.document]
            .into_iter()
            .flat_map(Document::operations)
            .filter_map(|operation| Some((operation.name(), operation.id()?)))
            .collect();
        // Changes of a shared schema reach the same operations, and the same pages tell of them.
        let mut known: HashMap<Arc<[String]>, Vec<Place>> = HashMap::new();
        for change in diff::compare(&old.document.root, &api.document.root, options) {
            let before = lines.shown(&change.base);
            let wanted = change.rule.class >= Class::Risky;
            let mentions = if wanted {
                let pages = pages.get_or_insert_with(|| read(head, site));
                let operations = Arc::clone(&change.operations);
                let find = || mentions(pages, &change.operations, &ids, &steps);
                known.entry(operations).or_insert_with(find).clone()
            } else {
                Vec::new()
            };
            out.push(ApiChange { api: api.config.name.clone(), change, before, mentions });
        }
    }
    out
}

/// The lines of files at the base.
struct Lines<'w> {
    world: &'w dyn World,
    files: HashMap<RelPath, Option<(String, LineIndex)>>,
}

impl Lines<'_> {
    fn shown(&mut self, place: &Place) -> String {
        let read = || {
            let text = self.world.text(&place.file).ok()?;
            let index = LineIndex::new(&text);
            Some((text, index))
        };
        match self.files.entry(place.file.clone()).or_insert_with(read) {
            Some((text, index)) => format!("{}:{}", place.file, index.position(text, place.span.start).line),
            None => place.file.to_string(),
        }
    }
}

/// Mentions on pages that are held against operations that change. They only help the reader of a finding, so where the
/// budget is spent they are left out.
const MOST_HELD: u64 = 3_000_000;

/// Something on a page that may name an operation: code, or the target of an `api:` link.
struct Mention {
    text: String,
    place: Place,
}

fn read(world: &dyn World, site: &Site) -> Vec<(RelPath, Vec<Mention>)> {
    let page = |page: &crate::model::Page| {
        let text = world.text(&page.source).unwrap_or_default();
        let code = cited(&text).into_iter().map(|code| Mention {
            place: Place { file: page.source.clone(), span: code.span },
            text: code.text,
        });
        let links = page.doc.facts.links.iter().filter(|link| link.target.starts_with("api:"));
        let links = links.map(|link| Mention { text: link.target.clone(), place: link.place.clone() });
        (page.source.clone(), code.chain(links).collect())
    };
    site.pages.iter().map(page).collect()
}

/// The first mention on each page of one of the operations.
fn mentions(
    pages: &[(RelPath, Vec<Mention>)],
    operations: &[String],
    ids: &HashMap<String, &str>,
    steps: &Steps,
) -> Vec<Place> {
    let mut out = Vec::new();
    for (_, list) in pages {
        let found = list.iter().find(|mention| {
            operations.iter().any(|operation| {
                steps.take(1) && names(&mention.text, operation, ids.get(operation).copied())
            })
        });
        out.extend(found.map(|mention| mention.place.clone()));
        if out.len() == MENTIONS {
            break;
        }
    }
    out
}

/// Whether a piece of code or a link names an operation: by its id, or by its path, and then by no other method.
fn names(text: &str, operation: &str, id: Option<&str>) -> bool {
    if let Some(target) = text.strip_prefix("api:") {
        return id
            .is_some_and(|id| target == id || target.rsplit_once('/').is_some_and(|(_, last)| last == id));
    }
    if id.is_some_and(|id| text == id) {
        return true;
    }
    let Some((method, path)) = operation.split_once(' ') else { return false };
    let said = ["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"]
        .into_iter()
        .find(|word| text.split(|c: char| !c.is_ascii_alphabetic()).any(|part| part == *word));
    if path.len() < 2 || said.is_some_and(|said| said != method) {
        return false;
    }
    text.match_indices(path).any(|(at, _)| {
        let after = text[at + path.len()..].chars().next();
        let before = text[..at].chars().next_back();
        let part = |c: char| c.is_alphanumeric() || matches!(c, '/' | '_' | '-' | '{' | '.');
        !after.is_some_and(part) && !before.is_some_and(|c| c == '/' || c == '}')
    })
}

/// What the change under review does to callers of the APIs.
pub struct ApiChanges {
    /// By API.
    pub list: Vec<ApiChange>,
}

impl Evidence for ApiChanges {
    const NAME: &'static str = "api_changes";
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Records, Reads::Base];
    const CHECKS: &'static [&'static Check] = &[&api_change::CHECK];

    fn read(cx: &Context<'_>) -> Self {
        let list = cx.base.map_or_else(Vec::new, |base| {
            changes(base.world, cx.world, cx.config, cx.site(), (&cx.of::<Apis>().list, cx.services))
        });
        Self { list }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_named_by_its_path_its_method_or_its_id() {
        let named = |text| names(text, "POST /orders", Some("createOrder"));
        assert!(
            named("POST /orders")
                && named("/orders")
                && named("createOrder")
                && named("api:shop/createOrder")
        );
        assert!(named("curl -X POST https://shop.example/orders -d x"));
        assert!(
            !named("GET /orders")
                && !named("/orders/{id}")
                && !named("api:listOrders")
                && !named("/orders-old")
        );
    }
}
