//! From types and attributes to `utoipa`'s own values: what its macros emit, done at once.

pub(super) mod attributes;
mod automatic;
pub(super) mod collect;
pub(super) mod component;
pub(super) mod document;
pub(super) mod enums;
pub(super) mod framework;
pub(super) mod params;
pub(super) mod path;
pub(super) mod responses;
pub(super) mod structs;
pub(super) mod traits;
