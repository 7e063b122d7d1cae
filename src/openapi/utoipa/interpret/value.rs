//! Values of the interpreter.

use super::nodes::Node;
use crate::openapi::utoipa::types::{Scope, Ty};
use crate::rust::number::{Int, Number, Scalar};
use crate::rust::tree::ItemId;
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A value.
#[derive(Clone)]
pub(in super::super) enum Val {
    Unit,
    Bool(bool),
    Number(Number),
    Char(char),
    Text(String),
    Json(Value),
    Opt(Option<Box<Val>>),
    Res(Result<Box<Val>, Box<Val>>),
    List(Vec<Val>),
    Tuple(Vec<Val>),
    /// A struct of the repository.
    Struct(ItemId, Rc<BTreeMap<String, Val>>),
    /// A variant of an enum of the repository.
    Variant(ItemId, String, Vec<Val>),
    /// A function of the repository, and the type it belongs to.
    Function(ItemId, Option<Ty>),
    /// A function, type or variant from outside.
    Foreign(Vec<String>),
    /// A type of the repository used as a value, such as a unit struct.
    Type(Ty),
    Closure(Rc<Closure>),
    /// A function that always returns the same.
    Always(Box<Val>),
    /// A value of utoipa.
    Node(Box<Node>),
    /// A reference to a variable or to something inside it.
    Ref(super::place::Place),
    /// A value that does not matter for the document, or that is not known; what it is.
    Opaque(Rc<str>),
}

/// A closure with what it captured.
pub(in super::super) struct Closure {
    pub closure: syn::ExprClosure,
    pub scope: Scope,
    pub item: ItemId,
    pub variables: Vec<(String, usize)>,
}

impl Val {
    /// A value that is not known.
    pub fn opaque(what: &str) -> Self {
        Self::Opaque(what.into())
    }

    /// A number of things.
    pub fn count(count: usize) -> Self {
        i128::try_from(count)
            .map_or_else(|_| Self::opaque("a number"), |count| Self::Number(Number::of(count, Int::Usize)))
    }

    /// What operators work on.
    pub fn scalar(&self) -> Option<Scalar> {
        Some(match self {
            Self::Number(number) => Scalar::Number(*number),
            Self::Bool(value) => Scalar::Bool(*value),
            Self::Char(letter) => Scalar::Char(*letter),
            _ => return None,
        })
    }

    /// How much a value holds, in parts; a copy costs as much.
    pub fn weight(&self) -> usize {
        fn json(value: &Value) -> usize {
            match value {
                Value::Array(list) => 1 + list.iter().map(json).sum::<usize>(),
                Value::Object(map) => 1 + map.values().map(json).sum::<usize>(),
                Value::String(text) => 1 + text.len() / 64,
                _ => 1,
            }
        }
        match self {
            Self::Text(text) => 1 + text.len() / 64,
            Self::Json(value) => json(value),
            Self::Opt(Some(inner)) | Self::Res(Ok(inner) | Err(inner)) | Self::Always(inner) => {
                1 + inner.weight()
            }
            Self::List(list) | Self::Tuple(list) | Self::Variant(_, _, list) => {
                1 + list.iter().map(Self::weight).sum::<usize>()
            }
            Self::Struct(_, fields) => 1 + fields.values().map(Self::weight).sum::<usize>(),
            Self::Node(node) => node.weight(),
            _ => 1,
        }
    }

    /// A text.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Char(letter) => Some(letter.to_string()),
            Self::Json(Value::String(text)) => Some(text.clone()),
            _ => None,
        }
    }

    /// As `Display` writes it.
    pub fn display(&self) -> Option<String> {
        match self {
            Self::Number(number) => number.shown(false),
            Self::Bool(value) => Some(value.to_string()),
            other => other.text(),
        }
    }

    /// As serde writes it to JSON.
    pub fn json(&self) -> Option<Value> {
        Some(match self {
            Self::Unit | Self::Opt(None) => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(number) => match number.int() {
                Some(number) => i64::try_from(number)
                    .map(Value::from)
                    .or_else(|_| u64::try_from(number).map(Value::from))
                    .ok()?,
                // `f32` is written as the `f64` of the same value.
                None => serde_json::Number::from_f64(number.float()?).map(Value::Number)?,
            },
            Self::Char(letter) => Value::String(letter.to_string()),
            Self::Text(text) => Value::String(text.clone()),
            Self::Json(value) => value.clone(),
            Self::Opt(Some(inner)) => inner.json()?,
            Self::List(list) | Self::Tuple(list) => {
                Value::Array(list.iter().map(Self::json).collect::<Option<Vec<_>>>()?)
            }
            _ => return None,
        })
    }
}

impl From<Scalar> for Val {
    fn from(scalar: Scalar) -> Self {
        match scalar {
            Scalar::Number(number) => Self::Number(number),
            Scalar::Bool(value) => Self::Bool(value),
            Scalar::Char(letter) => Self::Char(letter),
        }
    }
}
