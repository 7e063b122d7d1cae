//! Routers that carry documents.

use super::eval::{Machine, Stop};
use super::value::Val;
use syn::Macro;

impl Machine<'_, '_> {
    /// `routes!(…)`.
    pub(super) fn routes(&mut self, _call: &Macro) -> Result<Val, Stop> {
        Ok(Val::opaque("routes"))
    }
}
