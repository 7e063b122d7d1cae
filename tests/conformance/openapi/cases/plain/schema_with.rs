//! Schemas made by functions of builder chains.
use utoipa::ToSchema;
use utoipa::openapi::schema::{self, Array, Object, ObjectBuilder, Type};
use utoipa::openapi::{KnownFormat, Ref, RefOr, Schema, SchemaFormat};

fn mail() -> Object {
    ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .format(Some(utoipa::openapi::SchemaFormat::Custom("email".to_string())))
        .description(Some("this is the description"))
        .build()
}
fn number() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(1))
        .maximum(Some(10.5))
        .into()
}
fn reference() -> Ref {
    Ref::from_schema_name("Part")
}
fn list() -> Array {
    schema::ArrayBuilder::new().items(Object::with_type(Type::String)).min_items(Some(1)).build()
}
fn shape() -> Schema {
    Schema::Object(
        ObjectBuilder::new()
            .property("a", ObjectBuilder::new().schema_type(Type::String).build())
            .property("b", Ref::new("#/components/schemas/Part"))
            .required("a")
            .title(Some("Titled"))
            .enum_values(Some(["x", "y"]))
            .example(Some(serde_json::json!({"a": 1})))
            .build(),
    )
}

#[derive(ToSchema)]
struct Part {
    id: i32,
}
#[derive(ToSchema)]
struct Holder {
    #[schema(schema_with = mail)]
    mail: String,
    #[schema(schema_with = number)]
    number: Option<String>,
    #[schema(schema_with = reference)]
    reference: String,
    #[schema(schema_with = list)]
    list: String,
    #[schema(schema_with = shape, required = false)]
    object: String,
    #[schema(schema_with = self::mail, rename = "again")]
    third: String,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Holder, Part)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
