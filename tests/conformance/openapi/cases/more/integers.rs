//! Integers with a format of their own, and no minimum of unsigned ones lost.
use utoipa::ToSchema;

#[derive(ToSchema)]
struct All {
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
    m: Option<u32>,
    n: Vec<u16>,
    #[schema(format = UInt64)]
    o: i64,
    #[schema(format = Int8, minimum = 3)]
    p: u8,
}
#[derive(ToSchema)]
struct Generic<T> {
    value: T,
}
#[derive(ToSchema)]
struct Holder {
    a: Generic<u8>,
    b: Generic<u64>,
}
#[utoipa::path(get, path = "/a", params(("a" = u8, Query), ("b" = Option<u64>, Query)), responses((status = 200, body = u16)))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a), components(schemas(All, Holder)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
