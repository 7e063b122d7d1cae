//! An alias of a text is a type of its own to the macro.
use utoipa::ToSchema;

type Id = i64;
type Names = Vec<String>;
type Maybe = Option<String>;

#[derive(ToSchema)]
struct Holder {
    id: Id,
    names: Names,
    maybe: Maybe,
    list: Vec<Id>,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Holder)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
