//! Discriminators: a name, constants, and mappings.
use utoipa::ToSchema;

const FIELD: &str = "kind";

#[derive(ToSchema)]
struct Cat {
    kind: String,
}
#[derive(ToSchema)]
struct Dog {
    kind: String,
}
#[derive(ToSchema, serde::Serialize)]
#[serde(untagged)]
#[schema(discriminator = "kind")]
enum Pet {
    Cat(Cat),
    Dog(Dog),
}
#[derive(ToSchema, serde::Serialize)]
#[serde(untagged)]
#[schema(discriminator(property_name = FIELD, mapping(("cat" = "#/components/schemas/Cat"), ("dog" = "#/components/schemas/Dog"))))]
enum Mapped {
    Cat(Cat),
    Dog(Dog),
}
impl serde::Serialize for Cat {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_unit()
    }
}
impl serde::Serialize for Dog {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_unit()
    }
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Pet, Mapped)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
