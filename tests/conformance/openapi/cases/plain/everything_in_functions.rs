//! Types and documents inside functions.
pub fn openapi() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;

    #[derive(utoipa::ToSchema)]
    struct Part {
        id: i32,
    }
    #[utoipa::path(get, path = "/a", responses((status = 200, body = Part)))]
    fn a() {}

    #[derive(OpenApi)]
    #[openapi(paths(a))]
    struct Doc;

    Doc::openapi()
}
