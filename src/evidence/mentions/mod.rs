//! Operations that pages mention as inline code, `GET /orders/{id}`, held against the API documents. Only paths below the
//! first segment of a documented one are judged: others belong to somebody else's API.

pub(super) mod api_link;
pub(super) mod api_operation;

use super::api::Api;
use super::api::Apis;
use super::check::Check;
use super::{Context, Evidence, Reads};
use crate::diag::{Nearest, Place};
use crate::markdown::cited;
use crate::model::{PageId, Site};
use crate::world::World;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

/// A mentioned operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiMention {
    /// The page.
    pub page: PageId,
    /// The code that mentions it.
    pub place: Place,
    /// `GET /orders/{id}`.
    pub subject: String,
    /// The document that has it; or what there is instead, in words.
    pub found: Result<String, String>,
}

const METHODS: &[&str] = &["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"];

/// An operation of a document.
struct Known<'d> {
    method: String,
    path: &'d str,
    document: &'d str,
}

/// Paths of operations, segment by segment.
#[derive(Default)]
struct Routes<'d> {
    literal: BTreeMap<&'d str, Routes<'d>>,
    /// Behind a parameter, whatever its name.
    any: Option<Box<Routes<'d>>>,
    /// The operations whose path ends here, in the order of the documents.
    here: Vec<usize>,
}

/// The operations of all documents, and what was asked of them: a page may mention one thousands of times.
struct Operations<'d> {
    known: Vec<Known<'d>>,
    routes: Routes<'d>,
    asked: RefCell<HashMap<String, Option<Result<String, String>>>>,
    near: Nearest,
}

/// All mentions that can be judged.
pub fn read(world: &dyn World, site: &Site, apis: &[Api]) -> Vec<ApiMention> {
    let mut known = Vec::new();
    for api in apis {
        known.extend(api.document.operations().into_iter().map(|operation| Known {
            method: operation.method.to_uppercase(),
            path: operation.path,
            document: api.config.document.as_str(),
        }));
    }
    let mut out = Vec::new();
    if known.is_empty() {
        return out;
    }
    let operations = Operations::of(known);
    for (id, page) in site.pages.iter().enumerate() {
        let Ok(text) = world.text(&page.source) else { continue };
        if !METHODS.iter().any(|method| text.contains(&format!("{method} /"))) {
            continue;
        }
        for piece in cited(&text).into_iter().filter(|piece| piece.block.is_none()) {
            let Some((method, path)) = piece.text.split_once(' ') else { continue };
            let path = path.trim();
            if !METHODS.contains(&method) || !path.starts_with('/') || path.contains([' ', '…', '*']) {
                continue;
            }
            let place = Place { file: page.source.clone(), span: piece.span };
            if let Some(found) = operations.judge(method, path.split(['?', '#']).next().unwrap_or(path)) {
                out.push(ApiMention { page: id, place, subject: piece.text.clone(), found });
            }
        }
    }
    out
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

/// Whether a segment stands for any: names of parameters are the writer's.
fn is_parameter(segment: &str) -> bool {
    segment.starts_with(['{', ':', '<'])
}

impl<'d> Routes<'d> {
    fn add(&mut self, path: &'d str, at: usize) {
        let mut routes = self;
        for segment in segments(path) {
            routes = if is_parameter(segment) {
                routes.any.get_or_insert_default()
            } else {
                routes.literal.entry(segment).or_default()
            };
        }
        routes.here.push(at);
    }

    /// The operations of a mentioned path. A parameter that is mentioned is one of a document as well.
    fn find(&self, mentioned: &[&str]) -> Vec<usize> {
        let mut at = vec![self];
        for segment in mentioned {
            let next = at.into_iter().flat_map(|routes: &Self| {
                routes.any.as_deref().into_iter().chain(routes.literal.get(segment))
            });
            at = next.collect();
        }
        let mut found: Vec<usize> = at.into_iter().flat_map(|routes| &routes.here).copied().collect();
        found.sort_unstable();
        found
    }
}

impl<'d> Operations<'d> {
    fn of(known: Vec<Known<'d>>) -> Self {
        let mut routes = Routes::default();
        for (at, one) in known.iter().enumerate() {
            routes.add(one.path, at);
        }
        Self { known, routes, asked: RefCell::default(), near: Nearest::default() }
    }

    /// None where nobody here can know.
    fn judge(&self, method: &str, path: &str) -> Option<Result<String, String>> {
        let key = format!("{method} {path}");
        if let Some(known) = self.asked.borrow().get(&key) {
            return known.clone();
        }
        let judged = self.look(method, path);
        self.asked.borrow_mut().insert(key, judged.clone());
        judged
    }

    fn look(&self, method: &str, path: &str) -> Option<Result<String, String>> {
        let mentioned = segments(path);
        let same = self.routes.find(&mentioned);
        let same = || same.iter().filter_map(|at| self.known.get(*at));
        if let Some(found) = same().find(|one| one.method == method) {
            return Some(Ok(found.document.to_owned()));
        }
        let mut methods: Vec<&str> = same().map(|one| one.method.as_str()).collect();
        if !methods.is_empty() {
            methods.dedup();
            return Some(Err(format!("`{path}` answers {}", methods.join(", "))));
        }
        let first = mentioned.first().filter(|first| !is_parameter(first))?;
        if !self.routes.literal.contains_key(first) {
            return None;
        }
        let near = self.near.find("", path, self.known.iter().map(|one| one.path));
        Some(Err(near.map_or_else(
            || "name an operation that is documented".to_owned(),
            |near| format!("did you mean `{near}`?"),
        )))
    }
}

/// Operations that pages mention.
pub struct Mentions {
    /// By page and place.
    pub list: Vec<ApiMention>,
}

impl Evidence for Mentions {
    const NAME: &'static str = "mentions";
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Records];
    const CHECKS: &'static [&'static Check] = &[&api_link::CHECK, &api_operation::CHECK];

    fn read(cx: &Context<'_>) -> Self {
        Self { list: read(cx.world, cx.site(), &cx.of::<Apis>().list) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_told_from_those_of_other_services() {
        let one = |method: &str, path: &'static str| Known {
            method: method.to_owned(),
            path,
            document: "api.json",
        };
        let known = Operations::of(vec![one("GET", "/orders/{id}"), one("POST", "/orders")]);
        assert_eq!(known.judge("GET", "/orders/{order}"), Some(Ok("api.json".into())));
        assert_eq!(known.judge("GET", "/orders/17"), Some(Ok("api.json".into())));
        assert_eq!(known.judge("DELETE", "/orders"), Some(Err("`/orders` answers POST".into())));
        assert_eq!(known.judge("GET", "/orders/{id}/item"), Some(Err("did you mean `/orders/{id}`?".into())));
        assert_eq!(known.judge("GET", "/repos/{owner}"), None);
    }
}
