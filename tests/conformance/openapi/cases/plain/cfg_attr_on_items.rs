//! Derives and attributes behind `cfg_attr`.
#[cfg_attr(not(feature = "absent"), derive(utoipa::ToSchema), schema(title = "With"))]
#[cfg_attr(feature = "absent", derive(Debug), schema(title = "Without"))]
struct Part {
    #[cfg_attr(not(feature = "absent"), schema(example = 5))]
    #[cfg_attr(feature = "absent", schema(example = 6))]
    id: i32,
    #[cfg_attr(all(), cfg_attr(all(), schema(minimum = 1)), doc = "Nested")]
    nested: i32,
    #[cfg_attr(not(feature = "absent"), doc = "Described")]
    described: i32,
}
#[cfg_attr(all(), utoipa::path(get, path = "/with"))]
#[cfg_attr(any(), utoipa::path(get, path = "/without"))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a), components(schemas(Part)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
