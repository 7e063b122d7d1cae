//! Generic types inlined at their use, and generics of inline fields.
use utoipa::ToSchema;

#[derive(ToSchema)]
struct Part {
    id: i32,
}
#[derive(ToSchema)]
struct Page<T> {
    items: Vec<T>,
    #[schema(inline)]
    first: T,
}
#[derive(ToSchema)]
struct Holder {
    #[schema(inline)]
    inline: Page<Part>,
    not: Page<Part>,
    #[schema(inline)]
    maybe: Option<Page<String>>,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Holder)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
