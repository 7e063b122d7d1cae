//! What tag a handler gets that is listed under another module's name.
mod a {
    pub mod b {
        #[utoipa::path(get, path = "/one")]
        pub fn one() {}
    }
    pub use b::*;
}
use a as renamed;

#[derive(utoipa::OpenApi)]
#[openapi(paths(a::one, renamed::b::one))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
