//! What a caller notices between two API documents.
//!
//! Schemas are compared in pairs, each pair once for each side of the conversation, however many operations reach it
//! through `$ref`: a change in a shared schema is one change, with the operations it reaches. Only what documents say
//! is compared; where a schema moves into another file or component, or becomes nullable by `oneOf` instead of
//! `nullable`, nothing is reported.

mod compose;
mod engine;
mod keywords;
mod lifecycle;
mod operations;
mod rules;
mod schema;
mod types;

pub use rules::{ASPECTS, Class, OF_PROPERTIES, RULES, Rule, Side, Spot, rule};

use super::node::Node;
use crate::base::Date;
use crate::diag::Place;
use std::sync::Arc;

/// What a comparison is told.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The day it is.
    pub today: Date,
    /// How many days a deprecated thing must stay; 0 if none were promised.
    pub grace_days: i64,
}

/// One change.
#[derive(Clone, Debug)]
pub struct Change {
    /// What it means.
    pub rule: &'static Rule,
    /// What changed, one sentence without a full stop.
    pub message: String,
    /// The thing that changed.
    pub subject: String,
    /// Where it is written before, or what would hold it.
    pub base: Place,
    /// Where it is written after, or what would hold it.
    pub head: Place,
    /// Operations that it reaches, `GET /things`, sorted.
    pub operations: Arc<[String]>,
}

/// Compares two documents, the worst first.
pub fn compare(base: &Node, head: &Node, options: Options) -> Vec<Change> {
    let nothing = Node::null(head.place.clone());
    let mut engine = engine::Engine::new(base, head, &nothing, options);
    engine.operations();
    engine.drain();
    engine.finish()
}
