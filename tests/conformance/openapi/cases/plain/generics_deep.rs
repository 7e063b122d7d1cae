//! Generics in generics, several parameters, lifetimes, bounds, defaults and const parameters.
use std::borrow::Cow;
use std::collections::HashMap;
use utoipa::ToSchema;

#[derive(ToSchema)]
struct Part {
    id: i32,
}
#[derive(ToSchema)]
struct Pair<'p, A: Sized, B>
where
    B: Clone,
{
    name: Option<Cow<'p, str>>,
    a: A,
    b: B,
}
#[derive(ToSchema, Clone)]
struct Inner<T> {
    value: T,
}
#[derive(ToSchema)]
struct Outer<T> {
    inner: Inner<T>,
    list: Vec<Inner<T>>,
    map: HashMap<String, T>,
    deep: Option<Vec<Option<T>>>,
}
#[derive(ToSchema)]
struct Holder {
    a: Outer<Part>,
    b: Outer<Inner<i32>>,
    c: Pair<'static, Part, Inner<String>>,
    d: Inner<Option<Part>>,
    e: Inner<HashMap<String, Part>>,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Holder)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
