//! Values as text: `Display` by hand or by derive, and the variants of an enum as strum lists them.

use super::eval::Machine;
use super::place::Place;
use super::value::Val;
use crate::openapi::utoipa::session::Session;
use crate::openapi::utoipa::types::{Ty, parts};
use crate::rust::resolve::{Space, Target};
use crate::rust::tree::ItemId;
use syn::{Attribute, Data, Expr, Lit, LitStr, Variant};

impl Session<'_> {
    /// Whether an enum has a variant.
    pub fn has_variant(&self, id: ItemId, name: &str) -> bool {
        self.derive_input(id).is_some_and(|parsed| match &parsed.input.data {
            Data::Enum(data) => data.variants.iter().any(|variant| variant.ident == name),
            _ => false,
        })
    }

    /// The crate of the derive of this name on an item: `strum` for `#[derive(strum::Display)]`.
    fn derived_by(&self, id: ItemId, name: &str) -> Option<String> {
        let parsed = self.derive_input(id)?;
        let module = self.code.item(id).module;
        let paths = parsed.input.attrs.iter().filter(|one| one.path().is_ident("derive")).flat_map(|one| {
            let parser = syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated;
            one.parse_args_with(parser).into_iter().flatten()
        });
        let mut named = paths.filter(|path| path.segments.last().is_some_and(|last| last.ident == name));
        match self.code.resolve_all(module, &parts(&named.next()?), Space::Type) {
            Target::Foreign(path) => path.into_iter().next(),
            _ => None,
        }
    }
}

/// `name = "…"` among the words of strum's attributes.
fn word(attributes: &[Attribute], name: &str) -> Option<String> {
    let mut found = None;
    for attribute in attributes.iter().filter(|one| one.path().is_ident("strum")) {
        // What is not understood here is not ours to judge.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.input.peek(syn::Token![=]) {
                let value: Expr = meta.value()?.parse()?;
                if let Expr::Lit(literal) = &value
                    && let Lit::Str(text) = &literal.lit
                    && meta.path.is_ident(name)
                {
                    found.get_or_insert(text.value());
                }
            } else if meta.input.peek(syn::token::Paren) {
                let inside;
                syn::parenthesized!(inside in meta.input);
                inside.parse::<proc_macro2::TokenStream>()?;
            }
            Ok(())
        });
    }
    found
}

/// The words of a name in camel case: `CoordinatorGSB` is `Coordinator`, `GSB`; a run of capitals ends before the one that
/// a small letter follows.
fn words(name: &str) -> Vec<String> {
    let mut out = Vec::new();
    for part in name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
        let letters: Vec<char> = part.chars().collect();
        let mut begin = 0;
        let mut small = None;
        for (at, letter) in letters.iter().copied().enumerate() {
            let next = letters.get(at + 1).copied();
            if letter.is_lowercase() {
                small = Some(true);
            } else if letter.is_uppercase() {
                small = Some(false);
            }
            let ends = small == Some(true) && next.is_some_and(char::is_uppercase);
            let before = at > begin && letter.is_uppercase() && next.is_some_and(char::is_lowercase);
            if ends {
                out.push(letters[begin..=at].iter().collect());
                begin = at + 1;
                small = None;
            } else if before {
                out.push(letters[begin..at].iter().collect());
                begin = at;
            }
        }
        if begin < letters.len() {
            out.push(letters[begin..].iter().collect());
        }
    }
    out
}

/// A name in one of strum's styles.
fn styled(name: &str, style: &str) -> Option<String> {
    let words = words(name);
    let small = || words.iter().map(|word| word.to_lowercase());
    let capital = |word: &String| {
        let mut letters = word.chars();
        letters.next().map_or(String::new(), |first| {
            first.to_uppercase().collect::<String>() + &letters.as_str().to_lowercase()
        })
    };
    let join = |separator: &str| small().collect::<Vec<_>>().join(separator);
    Some(match style {
        "snake_case" | "snek_case" => join("_"),
        "kebab-case" | "kebab_case" => join("-"),
        "SCREAMING_SNAKE_CASE" | "SHOUTY_SNAKE_CASE" | "shouty_snake_case" | "shouty_snek_case" => {
            join("_").to_uppercase()
        }
        "SCREAMING-KEBAB-CASE" => join("-").to_uppercase(),
        "PascalCase" | "CamelCase" | "camel_case" => words.iter().map(capital).collect(),
        "camelCase" => {
            let mut all = words.iter();
            let first = all.next().map(|word| word.to_lowercase()).unwrap_or_default();
            first + &all.map(capital).collect::<String>()
        }
        "title_case" | "Title-Case" => words.iter().map(capital).collect::<Vec<_>>().join(" "),
        "Train-Case" => words.iter().map(capital).collect::<Vec<_>>().join("-"),
        "lowercase" => name.to_lowercase(),
        "UPPERCASE" => name.to_uppercase(),
        _ => return None,
    })
}

/// The text that strum has for a variant: `to_string`, the longest `serialize`, or the styled name.
fn strum_name(container: &[Attribute], variant: &Variant) -> Option<String> {
    if let Some(text) = word(&variant.attrs, "to_string") {
        return Some(text);
    }
    let mut all: Vec<String> = Vec::new();
    for attribute in variant.attrs.iter().filter(|one| one.path().is_ident("strum")) {
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("serialize") {
                all.push(meta.value()?.parse::<LitStr>()?.value());
            } else if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<Expr>()?;
            }
            Ok(())
        });
    }
    if let Some(longest) = all.into_iter().rev().max_by_key(String::len) {
        return Some(longest);
    }
    let name = variant.ident.to_string();
    let name = match word(container, "serialize_all") {
        Some(style) => styled(&name, &style)?,
        None => name,
    };
    let affix = |which: &str| word(container, which).unwrap_or_default();
    Some(affix("prefix") + &name + &affix("suffix"))
}

impl Machine<'_, '_> {
    /// As `Display` writes a value.
    pub(super) fn shown(&mut self, value: &Val) -> Option<String> {
        let id = match value {
            Val::Ref(place) => {
                let inner = self.get(place);
                return self.shown(&inner);
            }
            Val::Struct(id, _) | Val::Variant(id, ..) => *id,
            Val::Type(Ty::Item(id, _)) => *id,
            other => return other.display(),
        };
        let ty = Ty::Item(id, Vec::new());
        let block = self.session.implementation("Display", &ty);
        if let Some(method) = block.and_then(|block| self.session.method_of(block, "fmt")) {
            self.slots.push(Val::Text(String::new()));
            let place = Place { slot: self.slots.len() - 1, steps: Vec::new() };
            let made = self.call_item(method, Some(ty), vec![value.clone(), Val::Ref(place.clone())], &[]);
            return match (made, self.get(&place)) {
                (Ok(Val::Res(Ok(_))), Val::Text(text)) => Some(text),
                _ => None,
            };
        }
        let derived = self.session.derived_by(id, "Display")?;
        matches!(derived.as_str(), "strum" | "strum_macros").then(|| self.strum_text(value)).flatten()
    }

    /// As `Debug` writes a value of a simple kind.
    pub(super) fn debugged(&mut self, value: &Val) -> Option<String> {
        match value {
            Val::Ref(place) => {
                let inner = self.get(place);
                self.debugged(&inner)
            }
            Val::Text(text) => Some(format!("{text:?}")),
            Val::Char(letter) => Some(format!("{letter:?}")),
            Val::Number(number) => number.shown(true),
            Val::Variant(id, name, fields) if fields.is_empty() && self.session.derives(*id, "Debug") => {
                Some(name.clone())
            }
            Val::Bool(_) => value.display(),
            _ => None,
        }
    }

    /// The text that strum's derives have for a variant without fields.
    pub(super) fn strum_text(&self, value: &Val) -> Option<String> {
        let Val::Variant(id, name, fields) = value else { return None };
        let parsed = self.session.derive_input(*id)?;
        let Data::Enum(data) = &parsed.input.data else { return None };
        let variant = data.variants.iter().find(|variant| variant.ident == name)?;
        // With fields the text may be a format.
        fields.is_empty().then(|| strum_name(&parsed.input.attrs, variant)).flatten()
    }

    /// `VARIANTS` of strum's `VariantArray` and `VariantNames`.
    pub(super) fn listed_variants(&self, id: ItemId, name: &str) -> Option<Val> {
        if name != "VARIANTS" {
            return None;
        }
        let all = self.variants(id)?;
        if self.session.derives(id, "VariantArray") {
            return Some(Val::List(all));
        }
        let names = self.session.derives(id, "VariantNames") || self.session.derives(id, "EnumVariantNames");
        let texts = || all.iter().map(|one| self.strum_text(one).map(Val::Text)).collect::<Option<Vec<_>>>();
        names.then(texts).flatten().map(Val::List)
    }

    /// All variants of an enum that has none with fields.
    pub(super) fn variants(&self, id: ItemId) -> Option<Vec<Val>> {
        let parsed = self.session.derive_input(id)?;
        let Data::Enum(data) = &parsed.input.data else { return None };
        let plain = data.variants.iter().all(|variant| matches!(variant.fields, syn::Fields::Unit));
        let disabled = |variant: &Variant| {
            variant.attrs.iter().any(|one| {
                one.path().is_ident("strum")
                    && one.meta.require_list().is_ok_and(|list| list.tokens.to_string().contains("disabled"))
            })
        };
        let enabled = data.variants.iter().filter(|variant| !disabled(variant));
        plain.then(|| enabled.map(|one| Val::Variant(id, one.ident.to_string(), Vec::new())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{styled, words};

    #[test]
    fn names_are_styled_as_strum_does() {
        assert_eq!(words("CoordinatorGSB"), ["Coordinator", "GSB"]);
        assert_eq!(words("XMLHttpRequest2"), ["XML", "Http", "Request2"]);
        assert_eq!(styled("TypistCSB", "snake_case").as_deref(), Some("typist_csb"));
        assert_eq!(styled("TypistCSB", "kebab-case").as_deref(), Some("typist-csb"));
        assert_eq!(styled("OneTwo", "SCREAMING_SNAKE_CASE").as_deref(), Some("ONE_TWO"));
        assert_eq!(styled("OneTwo", "camelCase").as_deref(), Some("oneTwo"));
        assert_eq!(styled("OneTwo", "title_case").as_deref(), Some("One Two"));
    }
}
