//! A parameter's schema from a function.
use utoipa::IntoParams;
use utoipa::openapi::schema::{Object, ObjectBuilder};

fn custom() -> Object {
    ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .format(Some(utoipa::openapi::SchemaFormat::Custom("email".to_string())))
        .description(Some("this is the description"))
        .build()
}
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
struct Query {
    /// An address
    #[param(schema_with = custom)]
    email: String,
}
#[utoipa::path(get, path = "/a", params(Query))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
