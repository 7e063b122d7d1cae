//! Tags: by module, one, several, both, constants.
use utoipa::OpenApi;

mod books {
    pub mod shelf {
        #[utoipa::path(get, path = "/by-module")]
        pub fn by_module() {}
    }
    pub const TAG: &str = "by-constant";
    #[utoipa::path(get, path = "/one", tag = "one")]
    pub fn one() {}
    #[utoipa::path(get, path = "/several", tags = ["a", "b"])]
    pub fn several() {}
    #[utoipa::path(get, path = "/both", tag = "one", tags = ["a", TAG])]
    pub fn both() {}
    #[utoipa::path(get, path = "/constant", tag = TAG)]
    pub fn constant() {}
}
use books::one as renamed;

#[utoipa::path(get, path = "/none")]
fn none() {}
#[utoipa::path(get, path = "/crate")]
pub fn by_crate() {}

#[derive(OpenApi)]
#[openapi(paths(
    books::shelf::by_module, books::one, books::several, books::both, books::constant, none, self::by_crate
))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
