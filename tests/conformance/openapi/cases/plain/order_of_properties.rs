//! Properties, required names and schemas in utoipa's order.
#[derive(utoipa::ToSchema)]
struct Zed {
    z: i32,
    a: i32,
    m: Option<i32>,
    b: Alpha,
}
#[derive(utoipa::ToSchema)]
struct Alpha {
    y: String,
    x: String,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Zed, Alpha)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
