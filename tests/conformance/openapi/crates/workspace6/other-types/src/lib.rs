//! Types that a crate re-exports under another name.
#![allow(dead_code)]

pub use types as inner;

#[derive(utoipa::ToSchema)]
pub struct Kind {
    pub of_other: types::BookKind,
}

pub mod api {
    /// Of another crate
    #[utoipa::path(get, path = "/other", tag = types::TAG, responses((status = 200, body = super::Kind)))]
    pub fn other() {}

    #[derive(utoipa::OpenApi)]
    #[openapi(paths(other))]
    pub struct Api;
}

pub trait Texts {
    const ABOUT: &'static str;
}
