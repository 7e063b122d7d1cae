//! Where handlers are routed: `.route("/x", get(h))` of axum, `.service(h)` and `web::get().to(h)` of actix, `routes!`.

use crate::diag::Place;
use crate::openapi::utoipa::session::Session;
use crate::rust::outline::ItemKind;
use crate::rust::resolve::{Space, Target};
use crate::rust::token::{TokenKind, Tokens, tokens};
use crate::rust::tree::{Item, ItemId, ModuleId};
use std::collections::BTreeSet;

/// A handler's route.
#[derive(Clone, Debug)]
pub(super) struct Mount {
    pub handler: ItemId,
    /// The path as it stands there, without the prefixes of what it is nested in; none where it is not a literal.
    pub path: Option<String>,
    /// Upper case; none where the handler's own macro says it, or any will do.
    pub method: Option<String>,
    pub place: Place,
}

/// What the functions of a service mount.
#[derive(Debug, Default)]
pub(super) struct Mounts {
    pub list: Vec<Mount>,
    /// Handlers that a router with a document takes.
    pub registered: BTreeSet<ItemId>,
    /// Handlers are registered by something that the source does not show.
    pub automatic: bool,
}

/// Methods of axum's routing and of actix' `web`.
const METHODS: &[&str] = &["get", "post", "put", "delete", "patch", "head", "options", "trace"];

/// Attributes and macros of crates that register handlers by themselves.
const AUTOMATIC: &[&str] = &["utoipauto", "utoipa_auto_discover", "utoipa_auto_routes"];

/// Whether two paths can be the same route: one of them ends as the other, parts in braces (or behind `:` and `*`) alike
/// whatever their names.
pub(super) fn fits(annotated: &str, routed: &str) -> bool {
    let (a, b) = (parts(annotated), parts(routed));
    a.ends_with(&b) || b.ends_with(&a)
}

fn parts(path: &str) -> Vec<&str> {
    let name = |part: &str| part.starts_with(['{', ':', '*', '<']) || part.contains('{');
    path.split('/').filter(|part| !part.is_empty()).map(|part| if name(part) { "{}" } else { part }).collect()
}

impl Session<'_> {
    /// Whether an attribute of a document's type lists handlers by itself.
    pub fn is_automatic(&self, id: ItemId) -> bool {
        self.code.item(id).outline.attributes.iter().any(|one| AUTOMATIC.contains(&last(&one.path)))
    }

    /// The mounts of all functions.
    pub(super) fn mounts(&self) -> Mounts {
        let mut found = Mounts::default();
        for id in self.all_items() {
            let item = self.code.item(id);
            if self.is_automatic(id)
                || (item.outline.kind == ItemKind::MacroCall && AUTOMATIC.contains(&last(&item.outline.name)))
            {
                found.automatic = true;
            }
            let Some(body) = item.outline.body.filter(|_| item.outline.kind == ItemKind::Function) else {
                continue;
            };
            let text = item.source.text.get(body.range()).unwrap_or("");
            let concerned = ["route", ".service(", ".to(", ".typed_", "__path_"];
            if concerned.iter().any(|word| text.contains(word)) {
                let tokens = tokens(text);
                let actix = self.locked.contains_key("utoipa-actix-web") || text.contains("utoipa_actix_web");
                let module = self.scope_of_function(id).module;
                MountReader { session: self, item, text, tokens: &tokens, module, base: body.start, actix }
                    .read(&mut found);
            }
        }
        found
    }
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

struct MountReader<'r, 'c> {
    session: &'r Session<'c>,
    item: &'r Item,
    text: &'r str,
    tokens: &'r Tokens,
    module: ModuleId,
    base: u32,
    /// `.service(h)` may be that of utoipa-actix-web, which registers.
    actix: bool,
}

impl MountReader<'_, '_> {
    fn word(&self, at: usize) -> &str {
        self.tokens.list.get(at).map_or("", |token| &self.text[token.range()])
    }

    fn opens(&self, at: usize) -> bool {
        matches!(self.tokens.list.get(at).map(|token| token.kind), Some(TokenKind::Open(_)))
    }

    fn close(&self, at: usize) -> usize {
        self.tokens.partner.get(at).map_or(at, |close| *close as usize)
    }

    fn read(&self, found: &mut Mounts) {
        let mut resource = None;
        let mut at = 0;
        while at < self.tokens.list.len() {
            let (word, called) = (self.word(at), self.opens(at + 1));
            let method = at > 0 && self.word(at - 1) == ".";
            match word {
                "resource" if called => resource = self.literal(at + 2),
                "route" | "route_with_tsr" if method && called => {
                    let path = self.literal(at + 2).or_else(|| resource.clone());
                    self.handlers(at + 2, self.close(at + 1), path.as_deref(), found);
                }
                "to" if method && called && resource.is_some() && !self.inside_route(at) => {
                    self.mount(at + 2, resource.as_deref(), None, found);
                }
                "service" if method && called => {
                    if let Some(id) = self.mount(at + 2, None, None, found)
                        && self.actix
                    {
                        found.registered.insert(id);
                    }
                }
                "routes" if self.word(at + 1) == "!" && self.opens(at + 2) => self.routes(at + 2, found),
                word if word.starts_with("__path_") => self.hidden(at, found),
                word if method && called && word.starts_with("typed_") => {
                    let method = word.trim_start_matches("typed_").to_uppercase();
                    self.mount(at + 2, None, Some(method), found);
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Whether a `.to(h)` stands inside the brackets of a `.route(…)`, which reads it.
    fn inside_route(&self, at: usize) -> bool {
        (2..at).any(|open| {
            self.opens(open)
                && self.close(open) > at
                && matches!(self.word(open - 1), "route" | "route_with_tsr")
                && self.word(open - 2) == "."
        })
    }

    /// A literal text that is a whole argument.
    fn literal(&self, at: usize) -> Option<String> {
        let token = self.tokens.list.get(at).filter(|token| token.kind == TokenKind::Literal)?;
        let alone = matches!(self.word(at + 1), "," | ")");
        let parsed = syn::parse_str::<syn::LitStr>(&self.text[token.range()]).ok()?;
        alone.then(|| parsed.value())
    }

    /// `get(a).post(b)`, `web::get().to(a)` between two tokens.
    fn handlers(&self, from: usize, to: usize, path: Option<&str>, found: &mut Mounts) {
        let mut pending = None;
        let mut at = from;
        while at < to {
            let word = self.word(at);
            if self.opens(at + 1) && (METHODS.contains(&word) || word == "any") {
                let method = (word != "any").then(|| word.to_uppercase());
                if self.close(at + 1) == at + 2 {
                    pending = method;
                } else {
                    self.mount(at + 2, path, method, found);
                }
            } else if word == "to" && self.opens(at + 1) {
                self.mount(at + 2, path, pending.take(), found);
            }
            at += 1;
        }
    }

    /// The path that begins at a token, where it is a whole argument, and the token after it.
    fn path(&self, at: usize) -> Option<(Vec<String>, usize)> {
        let mut parts = Vec::new();
        let mut at = at;
        loop {
            let token = self.tokens.list.get(at).filter(|token| token.kind == TokenKind::Word)?;
            let word = &self.text[token.range()];
            parts.push(word.strip_prefix("r#").unwrap_or(word).to_owned());
            at += 1;
            if self.word(at) != ":" || self.word(at + 1) != ":" {
                break;
            }
            at += 2;
            if self.word(at) == "<" {
                while at < self.tokens.list.len() && !matches!(self.word(at), "," | ")") {
                    at += 1;
                }
                break;
            }
        }
        matches!(self.word(at), "," | ")" | "]" | "}").then_some((parts, at))
    }

    fn resolved(&self, parts: &[String]) -> Option<ItemId> {
        if parts.first().is_some_and(|first| first == "Self") {
            return None;
        }
        match self.session.code.resolve_all(self.module, parts, Space::Value) {
            Target::Item(id) if self.session.code.item(id).outline.kind == ItemKind::Function => Some(id),
            _ => None,
        }
    }

    fn place(&self, at: usize) -> Place {
        let token = self.tokens.list.get(at);
        let (start, end) = token.map_or((0, 0), |token| (token.start, token.end));
        self.item.source.place(crate::base::Span { start: self.base + start, end: self.base + end })
    }

    fn mount(
        &self,
        at: usize,
        path: Option<&str>,
        method: Option<String>,
        found: &mut Mounts,
    ) -> Option<ItemId> {
        let (parts, _) = self.path(at)?;
        let handler = self.resolved(&parts)?;
        let place = self.place(at);
        found.list.push(Mount { handler, path: path.map(str::to_owned), method, place });
        Some(handler)
    }

    /// `routes!(a, b)`: of utoipa-axum they are registered with it; rocket's only routes.
    fn routes(&self, open: usize, found: &mut Mounts) {
        let name = ["routes".to_owned()];
        let rocket = matches!(
            self.session.code.resolve_all(self.module, &name, Space::Macro),
            Target::Foreign(path) if path.first().is_some_and(|krate| krate == "rocket")
        );
        let close = self.close(open);
        let mut at = open + 1;
        while at < close {
            if let Some((_, next)) = self.path(at) {
                if let Some(id) = self.mount(at, None, None, found)
                    && !rocket
                {
                    found.registered.insert(id);
                }
                at = next;
            }
            at += 1;
        }
    }

    /// `__path_name`, the type that the annotation makes.
    fn hidden(&self, at: usize, found: &mut Mounts) {
        let mut begin = at;
        while begin >= 3 && self.word(begin - 1) == ":" && self.word(begin - 2) == ":" {
            begin -= 3;
        }
        let mut parts: Vec<String> = (begin..at).step_by(3).map(|one| self.word(one).to_owned()).collect();
        parts.push(self.word(at).trim_start_matches("__path_").to_owned());
        found.registered.extend(self.resolved(&parts));
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn paths_are_compared_from_their_ends() {
        assert!(fits("/api/pets/{id}", "/pets/:id"));
        assert!(fits("/pets", "/"));
        assert!(fits("/{id}", "/pets/{pet_id}"));
        assert!(!fits("/pets/{id}", "/pet/{id}"));
        assert!(!fits("/pets", "/pets/{id}"));
    }
}
