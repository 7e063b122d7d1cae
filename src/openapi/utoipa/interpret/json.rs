//! `json!(…)`: its own grammar on tokens, with expressions in it.

use super::eval::{Machine, Stop};
use crate::rust::number::Wanted;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use serde_json::{Map, Value};

/// Deeper nesting is a hole.
const DEEPEST: usize = 64;

impl Machine<'_, '_> {
    /// The value of what is inside `json!(…)`.
    pub fn json(&mut self, tokens: TokenStream) -> Result<Value, Stop> {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        self.json_value(&trees, 0)
    }

    fn json_value(&mut self, trees: &[TokenTree], depth: usize) -> Result<Value, Stop> {
        if depth > DEEPEST {
            return Err(Stop::new("json", None, "the JSON is nested too deep"));
        }
        match trees {
            [TokenTree::Ident(word)] if word == "null" => Ok(Value::Null),
            [TokenTree::Ident(word)] if word == "true" => Ok(Value::Bool(true)),
            [TokenTree::Ident(word)] if word == "false" => Ok(Value::Bool(false)),
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::Bracket => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let parts = split(&inner);
                parts
                    .iter()
                    .map(|part| self.json_value(part, depth + 1))
                    .collect::<Result<_, _>>()
                    .map(Value::Array)
            }
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                self.json_object(&inner, depth)
            }
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                self.json_value(&inner, depth + 1)
            }
            _ => self.json_expression(trees),
        }
    }

    fn json_object(&mut self, trees: &[TokenTree], depth: usize) -> Result<Value, Stop> {
        let mut map = Map::new();
        for part in split(trees) {
            let colon = colon(part).ok_or_else(|| Stop::new("json", None, "a key without a value"))?;
            let key = self.json_value(&part[..colon], depth + 1)?;
            let key = match key {
                Value::String(text) => text,
                other => other.to_string(),
            };
            let value = self.json_value(&part[colon + 1..], depth + 1)?;
            map.insert(key, value);
        }
        if !self.session.dialect.json_order {
            map.sort_keys();
        }
        Ok(Value::Object(map))
    }

    fn json_expression(&mut self, trees: &[TokenTree]) -> Result<Value, Stop> {
        let span = trees.first().map(TokenTree::span);
        let stream: TokenStream = trees.iter().cloned().collect();
        let expression: syn::Expr = syn::parse2(stream)
            .map_err(|error| Stop::new("json", span, &format!("not understood: {error}")))?;
        let value = self.eval_as(&expression, Wanted::Fallback)?;
        let value = self.read(value);
        if !self.session.charge(value.weight()) {
            return Err(Stop::new("endless", span, "gave up here: the evaluation makes too much"));
        }
        self.as_json(&value)
            .ok_or_else(|| Stop::new("value", span, "the value could not be worked out without compiling"))
    }
}

/// The parts between commas.
fn split(trees: &[TokenTree]) -> Vec<&[TokenTree]> {
    let is_comma = |tree: &TokenTree| matches!(tree, TokenTree::Punct(mark) if mark.as_char() == ',');
    trees.split(is_comma).filter(|part| !part.is_empty()).collect()
}

/// The single colon after a key.
fn colon(trees: &[TokenTree]) -> Option<usize> {
    let is = |at: usize| matches!(trees.get(at), Some(TokenTree::Punct(mark)) if mark.as_char() == ':');
    let mut at = 0;
    while at < trees.len() {
        if is(at) && is(at + 1) {
            at += 2;
        } else if is(at) {
            return Some(at);
        } else {
            at += 1;
        }
    }
    None
}
