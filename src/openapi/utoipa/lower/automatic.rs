//! `#[utoipauto]`: a macro that lists every annotated handler and every schema of some folders, by reading their files.

use crate::base::RelPath;
use crate::openapi::utoipa::grammar::openapi::OpenApiAttribute;
use crate::openapi::utoipa::session::Session;
use crate::rust::outline::ItemKind;
use crate::rust::tree::ItemId;
use crate::world::PathKind;
use syn::TypePath;

impl Session<'_> {
    /// Adds what `utoipauto` finds to what the document lists.
    pub(super) fn list_automatically(&self, id: ItemId, attribute: &mut OpenApiAttribute) {
        if !self.is_automatic(id) {
            return;
        }
        let item = self.code.item(id);
        let written =
            item.outline.attributes.iter().find(|one| one.path.rsplit("::").next() == Some("utoipauto"));
        let text = written.and_then(|one| item.source.text.get(one.arguments.range()));
        let Some(folders) = text.and_then(|text| self.automatic_folders(id, text)) else {
            let place = self.item_place(id);
            self.hole(
                "automatic",
                place,
                "the folders whose handlers and schemas are listed are not understood",
            );
            return;
        };
        for (folder, krate) in &folders {
            for at in 0..self.code.items.len() {
                let Ok(number) = u32::try_from(at) else { continue };
                let other = ItemId(number);
                if self.code.item(other).source.file.below(folder).is_some() {
                    self.list_one(other, krate, id, attribute);
                }
            }
        }
    }

    /// `paths = "./a/src, ./b/src from b"`: folders, and the crate whose name begins their paths.
    fn automatic_folders(&self, id: ItemId, text: &str) -> Option<Vec<(RelPath, String)>> {
        let written = match text.find("paths") {
            Some(at) => text[at..].split('"').nth(1)?,
            None if text.chars().any(char::is_alphabetic) => return None,
            None => "./src",
        };
        let one = |part: &str| {
            let (path, krate) = part.trim().split_once(" from ").unwrap_or((part.trim(), "crate"));
            // `from crate::a` names a module for a folder that is none of the crate's own.
            let krate = krate.trim();
            let plain = !krate.contains("::");
            Some((self.automatic_folder(id, path.trim())?, krate.to_owned())).filter(|_| plain)
        };
        written.split(',').filter(|part| !part.trim().is_empty()).map(one).collect()
    }

    /// A folder relative to the package, or to a folder around it: the macro runs where cargo was started.
    fn automatic_folder(&self, id: ItemId, path: &str) -> Option<RelPath> {
        let mut base = self.package_folder(id);
        loop {
            if let Ok(folder) = base.join(path)
                && self.world.kind(&folder) == Some(PathKind::Folder)
            {
                return Some(folder);
            }
            if base.is_root() {
                return None;
            }
            base = base.parent();
        }
    }

    fn list_one(&self, other: ItemId, krate: &str, root: ItemId, attribute: &mut OpenApiAttribute) {
        let item = self.code.item(other);
        let (here, home) = (self.code.module(item.module).krate, self.code.item(root).module);
        let own = here == self.code.module(home).krate;
        let named = own || self.code.krate(item.module).name == krate;
        if (krate == "crate") != own
            || !named
            || item.parent.is_some()
            || item.outline.has_attribute("utoipa_ignore")
        {
            return;
        }
        let mut parts = vec![krate.to_owned()];
        parts.extend(self.code.module(item.module).path.iter().cloned());
        parts.push(item.outline.name.clone());
        let path = parts.join("::");
        match item.outline.kind {
            ItemKind::Function if self.may_be_handler(other) => {
                attribute.paths.extend(syn::parse_str(&path).ok())
            }
            ItemKind::Struct | ItemKind::Enum => {
                let (schema, response) = (self.derives(other, "ToSchema"), self.derives(other, "ToResponse"));
                let by_hand = || {
                    let ty = crate::openapi::utoipa::types::Ty::Item(other, Vec::new());
                    self.implementation("ToSchema", &ty).is_some()
                };
                if !schema && !response && !by_hand() {
                    return;
                }
                let generic = self
                    .derive_input(other)
                    .is_some_and(|parsed| parsed.input.generics.type_params().next().is_some());
                if generic {
                    let place = self.item_place(other);
                    self.hole("automatic", place, "how a generic type is listed by itself is not known");
                    return;
                }
                let ty = syn::parse_str::<TypePath>(&path).ok();
                if response {
                    attribute.responses.extend(ty.clone());
                }
                if schema || !response {
                    attribute.schemas.extend(ty);
                }
            }
            _ => {}
        }
    }
}
