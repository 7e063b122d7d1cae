//! Values of utoipa inside the interpreter.

use super::place::Step;
use super::value::Val;
use utoipa::openapi::{OpenApi, RefOr, Schema};

/// A value of utoipa; builders are the values that they build.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "always behind a box")]
pub(in super::super) enum Node {
    Schema(RefOr<Schema>),
    OpenApi(Box<OpenApi>),
}

/// A part of a value of utoipa, to be changed in place.
pub(in super::super) enum NodeMut<'n> {
    Node(&'n mut Node),
}

impl<'n> NodeMut<'n> {
    /// All of a value.
    pub fn of(node: &'n mut Node) -> Self {
        Self::Node(node)
    }

    /// A part, step by step.
    pub fn walk(self, steps: &[Step]) -> Option<Self> {
        steps.is_empty().then_some(self)
    }

    /// A copy as a value.
    pub fn value(self) -> Val {
        match self {
            Self::Node(node) => Val::Node(Box::new(node.clone())),
        }
    }

    /// Replaces the part.
    pub fn set(self, value: Val) -> bool {
        match (self, value) {
            (Self::Node(node), Val::Node(value)) => {
                *node = *value;
                true
            }
            _ => false,
        }
    }
}
