//! The defaults of fields.

use super::reader::ConstantReader;
use super::{Lookup, Source, Value, is_tame};
use crate::base::Span;
use crate::rust::members::Member;
use crate::rust::number::Wanted;
use crate::rust::token::{Token, TokenKind, tokens};
use std::collections::HashMap;
use syn::punctuated::Punctuated;
use syn::{Meta, Token};

impl Source<'_> {
    /// The default of a struct's field: what clap or serde is told of it, else what `impl Default` sets, else what its
    /// type begins with where serde fills it in.
    pub fn default(&self, owner: &str, field: &str, outside: Lookup<'_>) -> Option<Value> {
        let (item, member) = self.items.member(self.text, owner, field)?;
        let item = self.text.get(item.span.range())?;
        let lookup = |name: &str| self.part(name, outside);
        let ty = item.get(member.rest.range())?.trim_start_matches([':', ' ']);
        let wanted = self.wanted_by(ty);
        let mut reader = ConstantReader { source: *self, lookup: &lookup };
        let told = told(&mut reader, item, member, wanted);
        let set = told.or_else(|| in_impl(&mut reader, owner, field, wanted));
        set.or_else(|| begins(item, member)).filter(|value| *value != Value::Nothing)
    }
}

/// What the field's attributes say.
fn told(reader: &mut ConstantReader<'_>, item: &str, member: &Member, wanted: Wanted) -> Option<Value> {
    for span in &member.attributes {
        let Some(text) = item.get(span.range()).filter(|text| is_tame(text)) else { continue };
        let parsed = syn::parse::Parser::parse_str(syn::Attribute::parse_outer, text).unwrap_or_default();
        for attribute in parsed {
            let Ok(metas) = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) else {
                continue;
            };
            for meta in &metas {
                let Meta::NameValue(pair) = meta else { continue };
                let key = pair.path.get_ident().map_or_else(String::new, ToString::to_string);
                match key.as_str() {
                    "default_value" | "default_value_t" | "default_values_t" | "default_values" => {
                        return reader.eval(&pair.value, wanted)?.declared(wanted).map(kebab);
                    }
                    "default" if attribute.path().is_ident("serde") => {
                        let Some(Value::Text(path)) = reader.eval(&pair.value, wanted) else { continue };
                        return of_function(reader, &path);
                    }
                    _ => {}
                }
            }
        }
    }
    None
}

/// A variant as clap's `ValueEnum` spells it.
fn kebab(value: Value) -> Value {
    let Value::Name(name) = value else { return value };
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.extend(c.to_lowercase());
    }
    Value::Name(out)
}

/// What a function without arguments returns, if its body is one value.
fn of_function(reader: &mut ConstantReader<'_>, path: &str) -> Option<Value> {
    let name = path.rsplit("::").next()?;
    if name == "default" {
        return Some(Value::Nothing);
    }
    let text = reader.source.find(name).filter(|text| is_tame(text))?;
    let function = syn::parse_str::<syn::ImplItemFn>(text).ok()?;
    match function.block.stmts.as_slice() {
        [syn::Stmt::Expr(only, None)] => {
            let wanted = match &function.sig.output {
                syn::ReturnType::Type(_, ty) => reader.source.primitive(ty),
                syn::ReturnType::Default => None,
            };
            let wanted = wanted.map_or(Wanted::Open, Wanted::Type);
            reader.eval(only, wanted)?.declared(wanted)
        }
        _ => None,
    }
}

/// What `impl Default for Owner` sets a field to.
fn in_impl(reader: &mut ConstantReader<'_>, owner: &str, field: &str, wanted: Wanted) -> Option<Value> {
    let Source { text, items, memo } = reader.source;
    let item = items.named(&format!("{owner}::default"))?;
    let text = text.get(item.span.range())?;
    let mut all = memo.set.borrow_mut();
    let span = all.entry(owner.to_owned()).or_insert_with(|| fields_set(text)).get(field).copied();
    drop(all);
    reader.read(text.get(span?.range())?, wanted)
}

/// `field: value,` in the literals of a function: found by tokens, so that one long default hides no other.
fn fields_set(text: &str) -> HashMap<String, Span> {
    let found = tokens(text);
    let word = |at: usize| found.list.get(at).and_then(|token| text.get(token.range())).unwrap_or("");
    let mut out = HashMap::new();
    for at in 0..found.list.len() {
        let colon = word(at + 1) == ":" && word(at + 2) != ":";
        if !colon || !matches!(word(at.wrapping_sub(1)), "{" | ",") {
            continue;
        }
        let mut end = at + 2;
        let ends = |token: &Token| matches!(token.kind, TokenKind::Mark(b',') | TokenKind::Close(_));
        while found.list.get(end).is_some_and(|token| !ends(token)) {
            end = found.after(end);
        }
        let from = found.list.get(at + 2).map_or(0, |token| token.start as usize);
        let to = end.checked_sub(1).and_then(|at| found.list.get(at)).map_or(0, |token| token.end as usize);
        out.entry(word(at).to_owned()).or_insert(Span::new(from, to));
    }
    out
}

/// What serde, or a derived `Default`, begins a field with.
fn begins(item: &str, member: &Member) -> Option<Value> {
    let head = item.split('{').next().unwrap_or("");
    let own = member.attributes.iter().any(|span| {
        let text = item.get(span.range()).unwrap_or("");
        text.starts_with("#[serde") && text.contains("default")
    });
    let derived = head.contains("Default")
        || head.contains("serde(default")
        || head.contains("Parser")
        || head.contains("Args");
    if !own && !derived {
        return None;
    }
    let ty = item.get(member.rest.range())?.trim_start_matches([':', ' ']);
    match ty {
        "bool" => Some(Value::Bool(false)),
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" | "i8" | "i16" | "i32" | "i64" | "i128" | "isize"
            if own || !head.contains("Parser") && !head.contains("Args") =>
        {
            Some(Value::whole(0))
        }
        _ => None,
    }
}
