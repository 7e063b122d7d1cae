//! Bounds of numbers, texts and lists.
use utoipa::ToSchema;

#[derive(ToSchema)]
struct All {
    #[schema(maximum = 10, minimum = 5, multiple_of = 2.5)]
    a: i32,
    #[schema(exclusive_maximum = 10.5, exclusive_minimum = -5)]
    b: f64,
    #[schema(max_length = 10, min_length = 5, pattern = "[a-z]*")]
    c: String,
    #[schema(max_items = 5, min_items = 1)]
    d: Vec<String>,
    #[schema(maximum = 1e2, minimum = 0.001)]
    e: f32,
    #[schema(max_length = 10)]
    f: Option<String>,
    #[schema(minimum = 0)]
    g: Option<u64>,
    #[schema(max_items = 5)]
    h: Option<Vec<i32>>,
    #[schema(pattern = r"^\d{4}-\d{2}$")]
    i: String,
    #[schema(pattern = r#"a"b\"#)]
    j: String,
    #[schema(minimum = -2147483647)]
    k: i64,
    #[schema(min_items = 0x10, max_items = 1_000)]
    m: Vec<u8>,
    #[schema(minimum = 1f64, maximum = 5u8)]
    n: i32,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(All)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
