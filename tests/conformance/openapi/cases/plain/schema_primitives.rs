//! Every primitive type as a field.
use utoipa::ToSchema;

#[derive(ToSchema)]
struct All<'a> {
    a: i8,
    b: i16,
    c: i32,
    d: i64,
    e: i128,
    f: isize,
    g: u8,
    h: u16,
    i: u32,
    j: u64,
    k: u128,
    l: usize,
    m: f32,
    n: f64,
    o: bool,
    p: char,
    q: String,
    r: &'a str,
    s: &'static str,
    t: std::string::String,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(All)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
