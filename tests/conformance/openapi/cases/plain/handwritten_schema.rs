//! Schemas written by hand, and types that hold them.
use std::borrow::Cow;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{OneOfBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

struct Money;
impl PartialSchema for Money {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).description(Some("Euros")).pattern(Some(r"^\d+$")).into()
    }
}
impl ToSchema for Money {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Amount")
    }
}
struct Unnamed;
impl PartialSchema for Unnamed {
    fn schema() -> RefOr<Schema> {
        OneOfBuilder::new()
            .item(ObjectBuilder::new().schema_type(Type::Integer))
            .item(utoipa::openapi::Ref::from_schema_name("Part"))
            .into()
    }
}
impl ToSchema for Unnamed {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Part::name().into(), Part::schema()));
        Part::schemas(schemas);
    }
}
#[derive(ToSchema)]
struct Part {
    price: Money,
}
#[derive(ToSchema)]
struct Holder {
    a: Money,
    b: Option<Unnamed>,
    c: Vec<Money>,
    #[schema(inline)]
    d: Money,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Holder)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
