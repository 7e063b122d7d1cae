//! What the source says and the document does not: handlers and routes held against each other, what handlers take and
//! answer against what is documented of it, and where utoipa itself loses something.
//!
//! Routes are found in the tokens of function bodies, whatever framework they are of. Nothing is reported that could be
//! otherwise: a route's path is compared from its end only, as prefixes come from elsewhere.

mod bodies;
mod calls;
mod mounts;
mod names;

use super::grammar::openapi::OpenApiAttribute;
use super::session::Session;
use crate::diag::{Place, Problem, code};
use crate::rust::outline::ItemKind;
use crate::rust::tree::ItemId;
use mounts::{Mount, Mounts};
use std::collections::{BTreeMap, BTreeSet};

/// What is remembered of a handler that became part of a document.
#[derive(Clone, Debug)]
pub(super) struct Documented {
    /// The path, context included.
    pub path: String,
    /// Upper case.
    pub methods: Vec<String>,
    /// Statuses as the document writes them: `404`, `4XX`, `default`.
    pub statuses: Vec<String>,
    /// Whether a request body is documented.
    pub body: bool,
    /// Whether a parameter of the query is documented.
    pub query: bool,
    /// Whether parameters or responses hold something that could not be read.
    pub unsure: bool,
}

impl Documented {
    /// `GET /pets`.
    fn name(&self) -> String {
        format!("{} {}", self.methods.join(", "), self.path)
    }
}

impl Session<'_> {
    /// All findings, after the document was made.
    pub fn survey(&self, names: &BTreeSet<String>) -> Vec<Problem> {
        let mut out = std::mem::take(&mut *self.notes.borrow_mut());
        out.extend(self.code.problems.iter().map(|problem| {
            Problem::new(
                code::OPENAPI_CODE,
                &problem.place,
                problem.place.file.as_str(),
                problem.message.clone(),
            )
            .help("what stands there is missing from the document")
        }));
        let mut judged = Vec::new();
        let mounts = self.mounts();
        self.judge_handlers(&mounts, &mut judged);
        for (id, documented) in &*self.documented.borrow() {
            self.judge_body(*id, documented, &mut judged);
        }
        self.judge_names(names, &mut judged);
        // What was not looked for to its end may still be there.
        if self.code.gave_up().is_none() && !self.fuel.spent() {
            out.append(&mut judged);
        }
        out.sort_by(|a, b| (&a.place, a.code, &a.subject).cmp(&(&b.place, b.code, &b.subject)));
        out.dedup();
        out
    }

    /// Handlers that `paths(…)` of any document lists.
    fn listed(&self) -> BTreeSet<ItemId> {
        let mut found = BTreeSet::new();
        for id in self.all_items() {
            let kind = self.code.item(id).outline.kind;
            if !matches!(kind, ItemKind::Struct | ItemKind::Enum) || !self.derives(id, "OpenApi") {
                continue;
            }
            let Some(parsed) = self.derive_input(id) else { continue };
            let Ok(attribute) = OpenApiAttribute::of(&parsed.input.attrs) else { continue };
            let scope = self.scope_of(id);
            found.extend(attribute.paths.iter().filter_map(|path| self.handler_item(&scope, path)));
        }
        found
    }

    fn all_items(&self) -> impl Iterator<Item = ItemId> + use<> {
        (0..self.code.items.len()).filter_map(|index| u32::try_from(index).ok().map(ItemId))
    }

    fn judge_handlers(&self, mounts: &Mounts, out: &mut Vec<Problem>) {
        let annotated: Vec<ItemId> = self.all_items().filter(|id| self.is_annotated(*id)).collect();
        if annotated.is_empty() {
            return;
        }
        let mut routed: BTreeMap<ItemId, Vec<&Mount>> = BTreeMap::new();
        for mount in &mounts.list {
            routed.entry(mount.handler).or_default().push(mount);
        }
        let listed = self.listed();
        let documented = self.documented.borrow();
        for id in &annotated {
            let routes = routed.get(id).map(Vec::as_slice).unwrap_or_default();
            let registered = listed.contains(id)
                || mounts.registered.contains(id)
                || documented.contains_key(id)
                || mounts.automatic;
            if let (false, Some(route)) = (registered, routes.first()) {
                out.push(self.unregistered(*id, route));
            }
            let Some(known) = documented.get(id) else { continue };
            if routes.is_empty() && !mounts.list.is_empty() && listed.contains(id) && !self.is_called(*id) {
                out.push(self.unrouted(*id, known));
            }
            // A handler may have several routes, such as one of each version of the API.
            let others: Vec<Problem> =
                routes.iter().filter_map(|route| self.other_route(*id, known, route)).collect();
            if others.len() == routes.len() {
                out.extend(others.into_iter().next());
            }
        }
        for (id, routes) in &routed {
            if !annotated.contains(id)
                && let Some(route) = routes.first()
            {
                out.push(self.unannotated(*id, route));
            }
        }
    }

    /// Whether a function carries `#[utoipa::path]`.
    fn is_annotated(&self, id: ItemId) -> bool {
        self.may_be_handler(id)
            && self.function(id, false).is_some_and(|function| {
                self.path_attribute(&self.scope_of(id), &function.attributes).is_some()
            })
    }

    fn name_place(&self, id: ItemId) -> Place {
        match self.function(id, false) {
            Some(function) => self.place(id, function.signature.ident.span()),
            None => self.item_place(id),
        }
    }

    fn unregistered(&self, id: ItemId, route: &Mount) -> Problem {
        let name = &self.code.item(id).outline.name;
        let message = format!("`{name}` is annotated and routed, and no document lists it");
        Problem::new(code::OPENAPI_UNREGISTERED, &self.name_place(id), self.code.full_name(id), message)
            .related(&route.place, "it is routed here")
            .help("list it in `paths(…)` of the document, or add it to the router with `routes!`")
    }

    fn unrouted(&self, id: ItemId, known: &Documented) -> Problem {
        let name = &self.code.item(id).outline.name;
        let message = format!("`{name}` is in the document as {}, and no router has it", known.name());
        Problem::new(code::OPENAPI_UNROUTED, &self.name_place(id), self.code.full_name(id), message)
            .help("route it, or take it out of `paths(…)`: callers get 404")
    }

    fn unannotated(&self, id: ItemId, route: &Mount) -> Problem {
        let name = &self.code.item(id).outline.name;
        let at = route.path.as_ref().map(|path| format!(" at `{path}`")).unwrap_or_default();
        let message = format!("`{name}` is routed{at} and has no `#[utoipa::path]`");
        Problem::new(code::OPENAPI_UNANNOTATED, &self.name_place(id), self.code.full_name(id), message)
            .related(&route.place, "it is routed here")
            .help("annotate it, or say in the configuration that it is not for callers")
    }

    /// Where a route's path or method is another than the annotation's.
    fn other_route(&self, id: ItemId, known: &Documented, route: &Mount) -> Option<Problem> {
        let path_fits = route.path.as_ref().is_none_or(|path| mounts::fits(&known.path, path));
        let method_fits = route.method.as_ref().is_none_or(|method| known.methods.contains(method));
        if path_fits && method_fits {
            return None;
        }
        let (method, path) = (route.method.as_deref().unwrap_or_default(), route.path.as_deref());
        let routed = format!("{method} {}", path.unwrap_or_default());
        let name = &self.code.item(id).outline.name;
        let message = format!("`{name}` is annotated as {} and routed as {}", known.name(), routed.trim());
        Some(
            Problem::new(code::OPENAPI_ROUTE, &self.name_place(id), self.code.full_name(id), message)
                .related(&route.place, "it is routed here")
                .help("callers of the documented path do not reach it"),
        )
    }
}
