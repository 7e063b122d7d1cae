//! The document that utoipa would make of a Rust service, read from its source without compiling it.
//!
//! utoipa's macros decide by the text of the annotated items; the type system enters only through the trait calls that they
//! emit. Both are followed here: attributes are parsed ([`grammar`]), types are resolved over the workspace, and what the
//! macros would emit is done at once with the crate `utoipa`'s own values ([`lower`]), so that shape and order of keys are
//! its own. Values that need evaluation go through a small interpreter ([`interpret`]). What cannot be evaluated is a
//! [`Hole`], never a guess.

mod dialect;
mod grammar;
mod implementations;
mod interpret;
mod lower;
mod mark;
mod request;
mod session;
mod survey;
mod types;
mod written;

pub use request::{Cache, Counts, Extraction, Hole, Request, Root, extract};
