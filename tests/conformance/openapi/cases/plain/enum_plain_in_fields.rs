//! Plain enums where they are used.
use utoipa::ToSchema;

#[derive(ToSchema)]
enum Kind {
    A,
    B,
}
#[derive(ToSchema)]
struct Holder {
    kind: Kind,
    maybe: Option<Kind>,
    #[schema(inline)]
    inline: Kind,
    #[schema(inline)]
    inline_maybe: Option<Kind>,
    list: Vec<Kind>,
    #[schema(inline)]
    inline_list: Vec<Kind>,
    /// Described
    described: Kind,
    /// Described, too
    #[schema(example = "A")]
    with_example: Kind,
    #[schema(default = "B")]
    with_default: Kind,
    map: std::collections::HashMap<Kind, i32>,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Holder)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
