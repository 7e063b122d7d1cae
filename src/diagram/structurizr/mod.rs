//! Structurizr DSL: one model, many views (<https://docs.structurizr.com/dsl/language>).
//!
//! Read in four steps: text to statements (`text`), statements to elements and relationships (`build`, `archetype`,
//! `relate`, `expression`), views (`views`, `select`), pictures (`draw`). Each step keeps going after a mistake.

mod archetype;
mod build;
mod draw;
mod element;
mod expression;
mod json;
mod model;
mod relate;
mod select;
mod text;
mod views;

pub use model::{
    Element, ElementKind, Environment, Group, Message, Property, Relation, Scope, Step, Styles, View,
    Workspace,
};

use super::Reading;
use crate::base::RelPath;
use crate::world::World;

/// Reads the workspace that `file` holds; `text` is what the file says.
pub fn read(world: &dyn World, file: &RelPath, text: &str) -> Workspace {
    let mut builder = build::Builder::new(world);
    let statements = builder.reader.read(file, text);
    builder.top(file, &statements, 0);
    let mut workspace = builder.workspace;
    workspace.files = builder.reader.files;
    workspace.problems.extend(builder.reader.problems);
    workspace.problems.sort_by(|a, b| (&a.place, &a.message).cmp(&(&b.place, &b.message)));
    workspace.problems.dedup();
    workspace
}

/// The pictures of a workspace.
pub fn pictures(workspace: &Workspace) -> Reading {
    let views = workspace.views.iter().map(|view| draw::picture(workspace, view)).collect();
    Reading { views, problems: workspace.problems.clone() }
}
