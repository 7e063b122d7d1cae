//! Schemas by hand that take those of other types, and names by `into`.
use std::borrow::Cow;
use utoipa::openapi::schema::{AdditionalProperties, AllOfBuilder, AnyOfBuilder, ArrayBuilder, Object, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

struct Labels;
impl ToSchema for Labels {
    fn name() -> Cow<'static, str> {
        "Labels".into()
    }
}
impl PartialSchema for Labels {
    fn schema() -> RefOr<Schema> {
        let value = String::schema();
        let props = AdditionalProperties::RefOr(value);
        ObjectBuilder::new().additional_properties(Some(props)).build().into()
    }
}
struct Update;
impl ToSchema for Update {
    fn name() -> Cow<'static, str> {
        Cow::from("LabelUpdate")
    }
}
impl PartialSchema for Update {
    fn schema() -> RefOr<Schema> {
        let value = Option::<String>::schema();
        ObjectBuilder::new()
            .additional_properties(Some(AdditionalProperties::RefOr(value)))
            .description(Some(
                r#"An update.

A value sets, `null` removes.
"#,
            ))
            .into()
    }
}
struct Id;
impl ToSchema for Id {}
impl PartialSchema for Id {
    fn schema() -> RefOr<Schema> {
        let mut object = Object::with_type(Type::String);
        object.description = Some("An identifier".to_string());
        object.examples = vec![serde_json::json!("urn:1"), serde_json::json!("urn:2")];
        RefOr::T(Schema::Object(object))
    }
}
struct Same;
impl ToSchema for Same {}
impl PartialSchema for Same {
    fn schema() -> RefOr<Schema> {
        <Vec<i64> as PartialSchema>::schema()
    }
}
struct Nullable;
impl ToSchema for Nullable {}
impl PartialSchema for Nullable {
    fn schema() -> RefOr<Schema> {
        Object::builder().schema_type(SchemaType::from_iter([Type::String, Type::Null])).build().into()
    }
}
struct All;
impl ToSchema for All {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.extend([(<Part as ToSchema>::name().to_string(), Part::schema())]);
    }
}
impl PartialSchema for All {
    fn schema() -> RefOr<Schema> {
        Schema::AllOf(
            AllOfBuilder::new()
                .item(Ref::from_schema_name(Part::name()))
                .item(ArrayBuilder::new().items(AnyOfBuilder::new().item(Ref::from_schema_name("Part"))))
                .description(Some("Both"))
                .build(),
        )
        .into()
    }
}
#[derive(ToSchema)]
struct Part {
    labels: Labels,
    update: Update,
    id: Option<Id>,
    same: Same,
    nullable: Nullable,
    #[schema(inline)]
    all: All,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Part, All)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
