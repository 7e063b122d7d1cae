//! Such types as arguments of generic types.
use crate::stub::Url;
use uuid::Uuid;
use utoipa::ToSchema;

#[derive(ToSchema)]
struct Page<T> {
    items: Vec<T>,
    one: T,
}
#[derive(ToSchema)]
struct Holder {
    ids: Page<Uuid>,
    urls: Page<Url>,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Holder)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
