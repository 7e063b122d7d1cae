//! A generic type for several arguments.
use utoipa::ToSchema;

#[derive(ToSchema)]
struct Part {
    id: i32,
}
#[derive(ToSchema)]
struct Page<T> {
    total: usize,
    items: Vec<T>,
    first: Option<T>,
    one: T,
}
#[derive(ToSchema)]
struct Holder {
    parts: Page<Part>,
    texts: Page<String>,
    numbers: Option<Page<i64>>,
    list: Vec<Page<Part>>,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Holder, Page<Part>, Page<Vec<Part>>)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
