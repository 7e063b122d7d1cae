//! Items from `include!`.
include!("texts/items.in");

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Included)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
