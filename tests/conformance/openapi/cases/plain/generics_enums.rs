//! Generic enums and newtypes.
use utoipa::ToSchema;

#[derive(ToSchema)]
struct Part {
    id: i32,
}
#[derive(ToSchema)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
    Named { value: T, other: Option<T> },
    None,
}
#[derive(ToSchema, serde::Serialize)]
#[serde(untagged)]
enum Either<A, B> {
    Left(A),
    Right(B),
}
#[derive(ToSchema)]
struct Wrapper<T>(T);
#[derive(ToSchema)]
struct ListOf<T>(Vec<T>);
#[derive(ToSchema)]
struct Holder {
    a: OneOrMany<Part>,
    b: OneOrMany<String>,
    c: Either<Part, i32>,
    d: Wrapper<Part>,
    e: ListOf<Part>,
    f: Wrapper<String>,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Holder)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
