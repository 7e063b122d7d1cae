//! Documents under a path, with tags, and paths that already have a slash.
use utoipa::OpenApi;

#[derive(utoipa::ToSchema)]
struct Book {
    title: String,
}
mod books {
    #[utoipa::path(get, path = "/{id}", params(("id" = i32, Path)), responses((status = 200, description = "ok", body = super::Book)))]
    pub fn one() {}
    #[utoipa::path(get, path = "/", tag = "own")]
    pub fn all() {}
    #[derive(utoipa::OpenApi)]
    #[openapi(paths(one, all), tags((name = "inner", description = "Inner")), servers((url = "/inner")))]
    pub struct Api;
    pub mod deep {
        #[utoipa::path(get, path = "/deep")]
        pub fn deep() {}
        #[derive(utoipa::OpenApi)]
        #[openapi(paths(deep), nest((path = "/again", api = super::Again)))]
        pub struct Api;
    }
    #[utoipa::path(post, path = "")]
    pub fn again() {}
    #[derive(utoipa::OpenApi)]
    #[openapi(paths(again))]
    pub struct Again;
}
use books::Again;
#[utoipa::path(get, path = "/status")]
fn status() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(status), nest((path = "/books", api = books::Api), (path = "/v1/", api = books::deep::Api, tags = ["v1", "deep"]), (path = "again", api = Again)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
