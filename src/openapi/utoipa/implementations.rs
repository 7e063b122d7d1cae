//! Which traits a type implements, by derive or by hand.

use super::session::Session;
use super::types::{Scope, Ty, parts};
use crate::rust::outline::ItemKind;
use crate::rust::resolve::{Space, Target};
use crate::rust::token::{TokenKind, tokens};
use crate::rust::tree::ItemId;
use std::cell::RefCell;
use std::collections::HashMap;

/// `impl` blocks of the repository. What a block is for is worked out when it is asked for: a service has thousands of
/// blocks, and a handful of them matter.
#[derive(Debug, Default)]
pub(super) struct Implementations {
    /// Blocks by the last part of their trait's path; those without a trait under nothing.
    traits: HashMap<String, Vec<ItemId>>,
    /// Blocks and traits that have a method of a name, and the method.
    methods: HashMap<String, Vec<(ItemId, ItemId)>>,
    /// What blocks are for.
    heads: RefCell<HashMap<ItemId, Option<Of>>>,
}

/// What a block is for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Of {
    head: Head,
    /// Whether it implements a trait.
    of_trait: bool,
    /// The trait, if it is the repository's own.
    own_trait: Option<ItemId>,
}

/// A type without its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Head {
    Item(ItemId),
    Foreign(String),
    /// `impl<T> Trait for T`.
    Any,
}

/// The longest head of a block that is read, in bytes.
const LONGEST: usize = 4096;

fn head(ty: &Ty) -> Option<Head> {
    match ty {
        Ty::Item(id, _) => Some(Head::Item(*id)),
        Ty::Foreign(path, _) => path.last().map(|last| Head::Foreign(last.clone())),
        // What `routes!` makes is an alias of this tuple.
        Ty::Tuple(parts) => match parts.as_slice() {
            [_, Ty::Foreign(path, _), _] if path.last().is_some_and(|last| last == "Paths") => {
                Some(Head::Foreign("UtoipaMethodRouter".to_owned()))
            }
            _ => None,
        },
        _ => None,
    }
}

impl Session<'_> {
    /// The block that implements a trait for a type.
    pub fn implementation(&self, name: &str, ty: &Ty) -> Option<ItemId> {
        let wanted = head(ty)?;
        let blocks = self.implementations().traits.get(name)?;
        // Of several, which `cfg` that is not understood can bring, the last.
        blocks.iter().rev().copied().find(|block| self.is_of(*block, &wanted))
    }

    /// A method of a type: from a block without a trait, from a trait's, or what a trait has for it.
    pub fn method(&self, ty: &Ty, name: &str) -> Option<ItemId> {
        let wanted = head(ty)?;
        let all = self.implementations();
        let named = all.methods.get(name)?;
        let mut found: Vec<(u8, ItemId, ItemId)> = Vec::new();
        for (owner, method) in named {
            if self.code.item(*owner).outline.kind == ItemKind::Trait {
                if self.code.item(*method).outline.body.is_some() && self.implements(*owner, &wanted) {
                    found.push((3, *owner, *method));
                }
                continue;
            }
            let rank = self.of(*owner).and_then(|of| match (of.of_trait, of.head == wanted, of.head) {
                (false, true, _) => Some(0),
                (true, true, _) => Some(1),
                (true, _, Head::Any) => Some(2),
                _ => None,
            });
            found.extend(rank.map(|rank| (rank, *owner, *method)));
        }
        found.into_iter().min().map(|(_, _, method)| method)
    }

    /// Whether a block implements the repository's trait for a type.
    fn implements(&self, of_trait: ItemId, wanted: &Head) -> bool {
        let name = &self.code.item(of_trait).outline.name;
        self.implementations().traits.get(name).into_iter().flatten().any(|block| {
            self.of(*block).is_some_and(|of| {
                of.own_trait == Some(of_trait) && (of.head == *wanted || of.head == Head::Any)
            })
        })
    }

    /// A method of one block.
    pub fn method_of(&self, block: ItemId, name: &str) -> Option<ItemId> {
        let named = self.implementations().methods.get(name)?;
        named.iter().find(|(owner, _)| *owner == block).map(|(_, method)| *method)
    }

    /// Whether a block is one of a type's.
    pub fn block_is_for(&self, block: ItemId, of: ItemId) -> bool {
        self.code.item(block).outline.kind == ItemKind::Impl && self.is_of(block, &Head::Item(of))
    }

    fn is_of(&self, block: ItemId, wanted: &Head) -> bool {
        self.of(block).is_some_and(|of| of.head == *wanted)
    }

    /// Whether a derive of this name is on an item.
    pub fn derives(&self, item: ItemId, name: &str) -> bool {
        let found = self.code.item(item);
        // Cheap first: most items derive nothing of ours.
        let mentioned = found.outline.attributes.iter().any(|attribute| {
            matches!(attribute.path.as_str(), "derive" | "cfg_attr")
                && found.source.text.get(attribute.span.range()).is_some_and(|text| text.contains(name))
        });
        if !mentioned {
            return false;
        }
        let Some(parsed) = self.derive_input(item) else { return false };
        parsed.input.attrs.iter().filter(|attribute| attribute.path().is_ident("derive")).any(|attribute| {
            let parser = syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated;
            attribute.parse_args_with(parser).is_ok_and(|paths| {
                paths.iter().any(|path| path.segments.last().is_some_and(|last| last.ident == name))
            })
        })
    }

    fn implementations(&self) -> &Implementations {
        self.impls.get_or_init(|| {
            let mut all = Implementations::default();
            for (at, item) in self.code.items.iter().enumerate() {
                if let (Some(parent), ItemKind::Function) = (item.parent, item.outline.kind) {
                    let id = ItemId(u32::try_from(at).unwrap_or(u32::MAX));
                    all.methods.entry(item.outline.name.clone()).or_default().push((parent, id));
                }
            }
            for block in &self.code.impls {
                let name = self.head_text(*block).map(trait_name).unwrap_or_default();
                all.traits.entry(name).or_default().push(*block);
            }
            all
        })
    }

    /// A block's text up to its brace, where it is of a usual size.
    fn head_text(&self, block: ItemId) -> Option<&str> {
        let item = self.code.item(block);
        let body = item.outline.body?;
        // Attributes are left out: they may be long.
        let last = item.outline.attributes.iter().map(|one| one.span.end).max();
        let start = last.unwrap_or(item.outline.span.start).min(body.start);
        let text = item.source.text.get(start as usize..body.start as usize)?;
        (text.len() <= LONGEST).then_some(text)
    }

    fn of(&self, block: ItemId) -> Option<Of> {
        let all = self.implementations();
        if let Some(known) = all.heads.borrow().get(&block) {
            return known.clone();
        }
        let found = self.read_head(block);
        all.heads.borrow_mut().insert(block, found.clone());
        found
    }

    fn read_head(&self, block: ItemId) -> Option<Of> {
        let item = self.code.item(block);
        let text = self.head_text(block).filter(|text| tokens(text).depth <= 48)?;
        let parsed = syn::parse_str::<syn::ItemImpl>(&format!("{text}}}")).ok()?;
        let scope = Scope::new(item.module);
        let any = match parsed.self_ty.as_ref() {
            syn::Type::Path(path) => path
                .path
                .get_ident()
                .is_some_and(|name| parsed.generics.type_params().any(|parameter| parameter.ident == *name)),
            _ => false,
        };
        let head = if any { Head::Any } else { head(&self.resolve_type(&scope, &parsed.self_ty))? };
        let own_trait = parsed.trait_.as_ref().and_then(|(path, _)| {
            match self.code.resolve_all(item.module, &parts(path), Space::Type) {
                Target::Item(own) => Some(own),
                _ => None,
            }
        });
        Some(Of { head, of_trait: parsed.trait_.is_some(), own_trait })
    }
}

/// The last part of the path between `impl` and `for`; nothing for a block without a trait.
fn trait_name(text: &str) -> String {
    let tokens = tokens(text);
    let word = |at: usize| tokens.list.get(at).map_or("", |token| &text[token.range()]);
    let begin = (0..tokens.list.len()).find(|at| word(*at) == "impl").map_or(0, |at| at + 1);
    let mut depth = 0_usize;
    let mut last = String::new();
    let mut at = begin;
    while at < tokens.list.len() {
        match tokens.list[at].kind {
            TokenKind::Mark(b'<') => depth += 1,
            TokenKind::Mark(b'>') if at == 0 || word(at - 1) != "-" => depth = depth.saturating_sub(1),
            TokenKind::Word if depth == 0 && word(at) == "for" => return last,
            TokenKind::Word if depth == 0 && word(at) == "where" => break,
            TokenKind::Word if depth == 0 => last = word(at).to_owned(),
            _ => {}
        }
        at += 1;
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::trait_name;

    #[test]
    fn the_trait_of_a_block_is_told_from_its_head() {
        assert_eq!(
            trait_name("impl<T: Fn() -> u8> a::From<Vec<T>> for X<T> where T: for<'a> B<'a> {"),
            "From"
        );
        assert_eq!(trait_name("unsafe impl ToSchema for r#type {"), "ToSchema");
        assert_eq!(trait_name("impl<'a> X<'a> where X<'a>: for<'b> B<'b> {"), "");
    }
}
