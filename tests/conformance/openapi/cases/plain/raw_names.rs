//! Raw identifiers as types, fields, variants and functions.
#[derive(utoipa::ToSchema)]
struct r#Struct {
    r#type: i32,
    r#fn: Option<String>,
}
#[derive(utoipa::ToSchema)]
enum Kind {
    r#As,
    B { r#match: i32 },
}
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "UPPERCASE")]
struct Upper {
    r#type: i32,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(r#Struct, Kind, Upper)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
