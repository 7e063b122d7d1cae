//! Which traits a type implements, by derive or by hand.

use super::session::Session;
use super::types::{Scope, Ty};
use crate::rust::outline::ItemKind;
use crate::rust::tree::ItemId;
use std::collections::HashMap;

/// `impl` blocks of the repository, by what they are for.
#[derive(Debug, Default)]
pub(super) struct Implementations {
    /// Trait (last part of its path) and type to the block.
    traits: HashMap<(String, Head), ItemId>,
    /// Blocks without a trait.
    inherent: HashMap<Head, Vec<ItemId>>,
    /// Methods of a block, by name.
    pub methods: HashMap<(ItemId, String), ItemId>,
}

/// A type without its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Head {
    Item(ItemId),
    Foreign(String),
}

fn head(ty: &Ty) -> Option<Head> {
    match ty {
        Ty::Item(id, _) => Some(Head::Item(*id)),
        Ty::Foreign(path, _) => path.last().map(|last| Head::Foreign(last.clone())),
        _ => None,
    }
}

impl Session<'_> {
    /// The block that implements a trait for a type.
    pub fn implementation(&self, name: &str, ty: &Ty) -> Option<ItemId> {
        let key = (name.to_owned(), head(ty)?);
        self.implementations().traits.get(&key).copied()
    }

    /// A method of a type, from a block without a trait or from any trait's.
    pub fn method(&self, ty: &Ty, name: &str) -> Option<ItemId> {
        let head = head(ty)?;
        let all = self.implementations();
        let inherent = all.inherent.get(&head).into_iter().flatten().copied();
        let mut traits: Vec<ItemId> =
            all.traits.iter().filter(|((_, of), _)| *of == head).map(|(_, block)| *block).collect();
        traits.sort_unstable();
        inherent.chain(traits).find_map(|block| all.methods.get(&(block, name.to_owned())).copied())
    }

    /// A method of one block.
    pub fn method_of(&self, block: ItemId, name: &str) -> Option<ItemId> {
        self.implementations().methods.get(&(block, name.to_owned())).copied()
    }

    /// Whether a block is one of a type's.
    pub fn block_is_for(&self, block: ItemId, of: ItemId) -> bool {
        let head = Head::Item(of);
        let all = self.implementations();
        all.inherent.get(&head).is_some_and(|blocks| blocks.contains(&block))
            || all.traits.iter().any(|((_, owner), found)| *found == block && *owner == head)
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
        self.impls.get_or_init(|| self.read_implementations())
    }

    fn read_implementations(&self) -> Implementations {
        let mut all = Implementations::default();
        for (at, item) in self.code.items.iter().enumerate() {
            if let (Some(parent), ItemKind::Function) = (item.parent, item.outline.kind) {
                let id = ItemId(u32::try_from(at).unwrap_or(u32::MAX));
                all.methods.insert((parent, item.outline.name.clone()), id);
            }
        }
        for block in &self.code.impls {
            let item = self.code.item(*block);
            let Some(body) = item.outline.body else { continue };
            let Some(header) = item.source.text.get(item.outline.span.start as usize..body.start as usize)
            else {
                continue;
            };
            if header.len() > 4096 || crate::rust::token::tokens(header).depth > 48 {
                continue;
            }
            let Ok(parsed) = syn::parse_str::<syn::ItemImpl>(&format!("{header}}}")) else { continue };
            let scope = Scope::new(item.module);
            let Some(head) = head(&self.resolve_type(&scope, &parsed.self_ty)) else { continue };
            match parsed.trait_.as_ref().and_then(|(path, _)| path.segments.last()) {
                Some(last) => {
                    all.traits.insert((last.ident.to_string(), head), *block);
                }
                None => all.inherent.entry(head).or_default().push(*block),
            }
        }
        all
    }
}
