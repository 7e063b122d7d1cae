//! Properties in the order of the source.
#[derive(utoipa::ToSchema)]
struct Zed {
    z: i32,
    a: Option<i32>,
    m: i32,
    #[schema(example = json!({"z": 1, "a": 2, "m": [3]}))]
    b: Alpha,
}
#[derive(utoipa::ToSchema)]
struct Alpha {
    y: String,
    x: String,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Zed)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
