//! Handlers reached through modules, re-exports and `use`.
mod books {
    mod hidden {
        #[utoipa::path(get, path = "/hidden")]
        pub fn hidden() {}
    }
    pub use hidden::*;
    pub mod shelf {
        #[utoipa::path(get, path = "/shelf")]
        pub fn shelf() {}
        #[utoipa::path(get, path = "/crate")]
        pub(crate) fn inner() {}
    }
    pub(crate) use self::shelf::inner;
}
use books::shelf::{__path_shelf, shelf};

#[derive(utoipa::OpenApi)]
#[openapi(paths(books::hidden, shelf, books::shelf::inner, self::books::shelf::shelf))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
