//! `value_type` replaces a field's type.
use utoipa::ToSchema;

struct Foreign;
mod other {
    #[derive(utoipa::ToSchema)]
    pub struct Part {
        id: i32,
    }
}

#[derive(ToSchema)]
struct All {
    #[schema(value_type = String)]
    a: Foreign,
    #[schema(value_type = Option<i64>)]
    b: Foreign,
    #[schema(value_type = Vec<String>)]
    c: Foreign,
    #[schema(value_type = Object)]
    d: Foreign,
    #[schema(value_type = Value)]
    e: Foreign,
    #[schema(value_type = other::Part)]
    f: Foreign,
    #[schema(value_type = Option<other::Part>)]
    g: Foreign,
    #[schema(value_type = String, format = Binary)]
    h: Foreign,
    #[schema(value_type = String, format = "x", example = "y", default = "z")]
    i: Foreign,
    #[schema(value_type = std::collections::HashMap<String, other::Part>)]
    j: Foreign,
    #[schema(value_type = [u8])]
    k: Foreign,
    #[schema(value_type = Vec<Object>)]
    l: Foreign,
    #[schema(value_type = Option<Object>)]
    m: Foreign,
    #[schema(inline, value_type = Vec<other::Part>)]
    n: Foreign,
    #[schema(value_type = (String, i32))]
    o: Foreign,
    /// Described
    #[schema(value_type = f64, minimum = 0)]
    p: Foreign,
    #[schema(value_type = Vec<Value>)]
    q: Foreign,
    #[schema(value_type = String)]
    r: Option<Foreign>,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(All)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
