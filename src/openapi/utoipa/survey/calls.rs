//! Whether anything names a function.

use crate::openapi::utoipa::session::Session;
use crate::rust::outline::ItemKind;
use crate::rust::resolve::{Space, Target};
use crate::rust::token::{TokenKind, tokens};
use crate::rust::tree::ItemId;

impl Session<'_> {
    /// Whether a function's body (or a macro call that nobody explains) names another function, or may do so.
    pub(super) fn is_called(&self, id: ItemId) -> bool {
        let name = self.code.item(id).outline.name.clone();
        self.all_items().filter(|other| *other != id).any(|other| {
            let item = self.code.item(other);
            let inside = match item.outline.kind {
                ItemKind::Function | ItemKind::MacroCall | ItemKind::MacroRules => item.outline.body,
                ItemKind::Const | ItemKind::Static => Some(item.outline.span),
                _ => None,
            };
            let text = inside.and_then(|span| item.source.text.get(span.range())).unwrap_or("");
            text.contains(&name) && self.names(other, text, &name, id)
        })
    }

    fn names(&self, item: ItemId, text: &str, name: &str, wanted: ItemId) -> bool {
        let tokens = tokens(text);
        let word = |at: usize| tokens.list.get(at).map_or("", |token| &text[token.range()]);
        let module = self.scope_of_function(item).module;
        let is = |at: &usize| tokens.list[*at].kind == TokenKind::Word && word(*at) == name;
        (0..tokens.list.len()).filter(is).any(|at| {
            if at > 0 && word(at - 1) == "." {
                return false;
            }
            let mut begin = at;
            while begin >= 3 && word(begin - 1) == ":" && word(begin - 2) == ":" {
                begin -= 3;
            }
            let path: Vec<String> = (begin..=at).step_by(3).map(|one| word(one).to_owned()).collect();
            match self.code.resolve_all(module, &path, Space::Value) {
                Target::Item(found) => found == wanted,
                _ => true,
            }
        })
    }
}
