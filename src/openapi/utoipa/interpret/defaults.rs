//! Default values and serde's JSON of the repository's own types.

use super::eval::{Machine, Stop};
use super::value::Val;
use crate::openapi::utoipa::grammar::serde_words::{self, Tagging};
use crate::openapi::utoipa::types::Ty;
use crate::rust::number::{Known, Number, Primitive};
use crate::rust::tree::ItemId;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::rc::Rc;
use syn::{Data, Fields};

/// Types inside types.
const DEEPEST: usize = 16;

impl Machine<'_, '_> {
    /// The field of `Self::default()` as JSON.
    pub(super) fn field_of_default(&mut self, field: &str) -> Result<Val, Stop> {
        let owner = self.item;
        let Some(value) = self.default_of(&Ty::Item(owner, Vec::new()), 0) else {
            return Ok(Val::opaque("the type's default value"));
        };
        match self.read(value) {
            Val::Struct(_, fields) => {
                let found = fields.get(field).cloned();
                let found = found.unwrap_or_else(|| Val::opaque("a field of the type's default value"));
                Ok(self.read(found))
            }
            _ => Ok(Val::opaque("the type's default value")),
        }
    }

    /// `T::default()`.
    pub(super) fn default_of(&mut self, ty: &Ty, depth: usize) -> Option<Val> {
        if depth > DEEPEST {
            return None;
        }
        match ty {
            Ty::Item(id, arguments) => {
                if let Some(method) = self
                    .session
                    .implementation("Default", ty)
                    .and_then(|block| self.session.method_of(block, "default"))
                {
                    let value = self.call_item(method, Some(ty.clone()), Vec::new(), &[]).ok()?;
                    return Some(self.read(value));
                }
                if !self.session.derives(*id, "Default") {
                    return None;
                }
                self.derived_default(*id, arguments, depth)
            }
            Ty::Foreign(path, _) => default_of_std(path.last()?),
            Ty::Tuple(parts) => {
                let parts: Option<Vec<Val>> =
                    parts.iter().map(|part| self.default_of(part, depth + 1)).collect();
                parts.map(|parts| if parts.is_empty() { Val::Unit } else { Val::Tuple(parts) })
            }
            _ => None,
        }
    }

    fn derived_default(&mut self, id: ItemId, arguments: &[Ty], depth: usize) -> Option<Val> {
        let parsed = self.session.derive_input(id)?;
        let scope = self.session.bind(id, &parsed.input.generics, arguments);
        match &parsed.input.data {
            Data::Struct(data) => {
                let mut fields = BTreeMap::new();
                for (at, field) in data.fields.iter().enumerate() {
                    let name = field.ident.as_ref().map_or_else(|| at.to_string(), ToString::to_string);
                    let ty = self.session.resolve_type(&scope, &field.ty);
                    let value = self.default_of(&ty, depth + 1);
                    fields.insert(name, value.unwrap_or_else(|| Val::opaque("a default value")));
                }
                Some(Val::Struct(id, Rc::new(fields)))
            }
            Data::Enum(data) => {
                let variant = data.variants.iter().find(|variant| {
                    variant.attrs.iter().any(|attribute| attribute.path().is_ident("default"))
                })?;
                Some(Val::Variant(id, variant.ident.to_string(), Vec::new()))
            }
            Data::Union(_) => None,
        }
    }

    /// A value as JSON, the repository's own types as serde's derive writes them.
    pub fn as_json(&self, value: &Val) -> Option<Value> {
        match value {
            Val::Struct(id, fields) => self.struct_json(*id, fields),
            Val::Variant(id, name, fields) => self.variant_json(*id, name, fields),
            Val::Opt(Some(inner)) => self.as_json(inner),
            Val::List(list) | Val::Tuple(list) => {
                list.iter().map(|one| self.as_json(one)).collect::<Option<Vec<_>>>().map(Value::Array)
            }
            other => other.json(),
        }
    }

    fn struct_json(&self, id: ItemId, fields: &BTreeMap<String, Val>) -> Option<Value> {
        if !self.session.derives(id, "Serialize") {
            return None;
        }
        let parsed = self.session.derive_input(id)?;
        let Data::Struct(data) = &parsed.input.data else { return None };
        let words = serde_words::container(&parsed.input.attrs);
        if self.is_unusual(&parsed.input.attrs) {
            return None;
        }
        match &data.fields {
            Fields::Unit => Some(Value::Null),
            Fields::Unnamed(list) if list.unnamed.len() == 1 => self.as_json(fields.get("0")?),
            Fields::Unnamed(list) => {
                let parts = (0..list.unnamed.len()).map(|at| self.as_json(fields.get(&at.to_string())?));
                parts.collect::<Option<Vec<_>>>().map(Value::Array)
            }
            Fields::Named(list) => {
                let mut map = Map::new();
                for field in &list.named {
                    let own = serde_words::field(&field.attrs);
                    if self.is_unusual(&field.attrs) || own.flatten || own.skip_serializing_if {
                        return None;
                    }
                    if own.skip {
                        continue;
                    }
                    let ident = field.ident.as_ref()?.to_string();
                    let name = own.rename.clone();
                    let name = name
                        .unwrap_or_else(|| words.rename_all.map_or(ident.clone(), |rule| rule.field(&ident)));
                    map.insert(name, self.as_json(fields.get(&ident)?)?);
                }
                if !self.session.dialect.json_order {
                    map.sort_keys();
                }
                Some(Value::Object(map))
            }
        }
    }

    /// A variant as serde's derive writes it, tagged as its enum says.
    fn variant_json(&self, id: ItemId, name: &str, fields: &[Val]) -> Option<Value> {
        if !self.session.derives(id, "Serialize") {
            return None;
        }
        let parsed = self.session.derive_input(id)?;
        let Data::Enum(data) = &parsed.input.data else { return None };
        let words = serde_words::container(&parsed.input.attrs);
        if self.is_unusual(&parsed.input.attrs) {
            return None;
        }
        let variant = data.variants.iter().find(|variant| variant.ident == name)?;
        if self.is_unusual(&variant.attrs) {
            return None;
        }
        let own = serde_words::field(&variant.attrs);
        let renamed =
            own.rename.unwrap_or_else(|| words.rename_all.map_or(name.to_owned(), |rule| rule.variant(name)));
        if matches!(variant.fields, Fields::Unit) {
            return match words.tagging {
                Tagging::External => Some(Value::String(renamed)),
                _ => None,
            };
        }
        if words.tagging != Tagging::External {
            return None;
        }
        let inside = self.variant_fields(variant, fields)?;
        Some(Value::Object([(renamed, inside)].into_iter().collect()))
    }

    fn variant_fields(&self, variant: &syn::Variant, fields: &[Val]) -> Option<Value> {
        match &variant.fields {
            Fields::Unit => None,
            Fields::Unnamed(list) if list.unnamed.len() == 1 => self.as_json(fields.first()?),
            Fields::Unnamed(list) if list.unnamed.len() == fields.len() => {
                fields.iter().map(|one| self.as_json(one)).collect::<Option<Vec<_>>>().map(Value::Array)
            }
            Fields::Unnamed(_) => None,
            Fields::Named(list) => {
                let [Val::Struct(_, given)] = fields else { return None };
                // `rename_all` of the variant or `rename_all_fields` renames what is inside.
                let renamed = variant.attrs.iter().any(|one| one.path().is_ident("serde"));
                if renamed {
                    return None;
                }
                let mut map = Map::new();
                for field in &list.named {
                    let own = serde_words::field(&field.attrs);
                    if self.is_unusual(&field.attrs) || own.flatten || own.skip_serializing_if {
                        return None;
                    }
                    let ident = field.ident.as_ref()?.to_string();
                    if !own.skip {
                        map.insert(own.rename.unwrap_or(ident.clone()), self.as_json(given.get(&ident)?)?);
                    }
                }
                if !self.session.dialect.json_order {
                    map.sort_keys();
                }
                Some(Value::Object(map))
            }
        }
    }

    /// serde's words that change what is written in ways that are not followed here.
    fn is_unusual(&self, attributes: &[syn::Attribute]) -> bool {
        attributes.iter().filter(|attribute| attribute.path().is_ident("serde")).any(|attribute| {
            let Ok(list) = attribute.meta.require_list() else { return true };
            list.tokens.clone().into_iter().any(|tree| {
                let proc_macro2::TokenTree::Ident(word) = tree else { return false };
                ["with", "serialize_with", "into", "remote", "transparent", "getter", "rename_all_fields"]
                    .iter()
                    .any(|unusual| word == unusual)
            })
        })
    }
}

pub(super) fn default_of_std(name: &str) -> Option<Val> {
    match Primitive::of(name) {
        Some(Primitive::Int(ty)) => return Some(Val::Number(Number::of(0, ty))),
        Some(Primitive::Float(ty)) => return Some(Val::Number(Number::Float(0.0, Known::Type(ty)))),
        _ => {}
    }
    Some(match name {
        "bool" => Val::Bool(false),
        "String" | "str" => Val::Text(String::new()),
        "char" => Val::Char('\0'),
        "Option" => Val::Opt(None),
        "Vec" | "HashSet" | "BTreeSet" => Val::List(Vec::new()),
        "HashMap" | "BTreeMap" => Val::Json(Value::Object(Map::new())),
        "Value" => Val::Json(Value::Null),
        _ => return None,
    })
}
