//! Documents three deep, tags at each, and schemas from all of them.
use utoipa::OpenApi;

mod v1 {
    pub mod books {
        pub mod loans {
            #[derive(utoipa::ToSchema)]
            pub struct Loan {
                id: i32,
            }
            #[utoipa::path(get, path = "/{loan}", responses((status = 200, body = Loan)))]
            pub fn one() {}
            #[derive(utoipa::OpenApi)]
            #[openapi(paths(one), components(schemas(Loan)))]
            pub struct Api;
        }
        #[utoipa::path(get, path = "/{book}")]
        pub fn one() {}
        #[derive(utoipa::OpenApi)]
        #[openapi(paths(one), nest((path = "/{book}/loans", api = loans::Api, tags = ["loans"])))]
        pub struct Api;
    }
    #[derive(utoipa::OpenApi)]
    #[openapi(nest((path = "/books", api = books::Api, tags = ["books"])))]
    pub struct Api;
}

#[derive(utoipa::OpenApi)]
#[openapi(info(title = "Nested", version = "1"), nest((path = "/v1", api = v1::Api), (path = "/latest", api = v1::Api, tags = ["latest"])))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
