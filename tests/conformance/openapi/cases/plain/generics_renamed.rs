//! `as` on generic types, with and without arguments.
use utoipa::ToSchema;

#[derive(ToSchema)]
struct Part {
    id: i32,
}
#[derive(ToSchema)]
#[schema(as = path::MyType<T>)]
struct Type<T> {
    t: T,
}
#[derive(ToSchema)]
#[schema(as = path::to::PageList)]
struct Page<T> {
    items: Vec<T>,
}
#[derive(ToSchema)]
#[schema(as = path::to::Element<T>)]
enum E<T> {
    One(T),
    Many(Vec<T>),
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Type<Part>, Page<Part>, E<String>, Page<Type<i32>>)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
