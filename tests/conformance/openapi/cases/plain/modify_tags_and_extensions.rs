//! A modifier of tags, servers, information and extensions.
use utoipa::Modify;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::external_docs::ExternalDocs;
use utoipa::openapi::server::{ServerBuilder, ServerVariableBuilder};
use utoipa::openapi::tag::{Tag, TagBuilder};
use utoipa::openapi::{Contact, License};

struct Addon;
impl Modify for Addon {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        openapi.tags.get_or_insert_with(Vec::new).push(Tag::new("pushed"));
        let mut tags = openapi.tags.take().unwrap_or_default();
        tags.extend([TagBuilder::new().name("built").description(Some("Built")).build()]);
        openapi.tags = Some(tags);
        openapi.servers = Some(vec![
            ServerBuilder::new()
                .url("https://{port}.example.org")
                .description(Some("By port"))
                .parameter("port", ServerVariableBuilder::new().default_value("1").description(Some("Port")).enum_values(Some(["1", "2"])))
                .build(),
        ]);
        openapi.external_docs = Some(ExternalDocs::new("https://example.org"));
        openapi.info.extensions = Some(ExtensionsBuilder::new().add("x-on", serde_json::json!([1])).build());
        let mut contact = Contact::new();
        contact.name = Some("Desk".into());
        openapi.info.contact = Some(contact);
        openapi.info.license = Some(License::new("MIT"));
        openapi.extensions.get_or_insert_default().insert("x-root".to_string(), serde_json::json!({"a": 1}));
    }
}

#[derive(utoipa::OpenApi)]
#[openapi(tags((name = "first")), modifiers(&Addon))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
