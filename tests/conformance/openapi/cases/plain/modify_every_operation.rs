//! A modifier that goes over paths, operations and schemas.
use utoipa::Modify;
use utoipa::openapi::{ResponseBuilder, RefOr, Schema};

#[derive(utoipa::ToSchema)]
struct Part {
    id: i32,
}
#[utoipa::path(get, path = "/a", responses((status = 200, description = "ok", body = Part)))]
fn a() {}
#[utoipa::path(post, path = "/b")]
fn b() {}

struct Everywhere;
impl Modify for Everywhere {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        for item in openapi.paths.paths.values_mut() {
            for operation in [&mut item.get, &mut item.post].into_iter().flatten() {
                operation
                    .responses
                    .responses
                    .insert("429".to_string(), ResponseBuilder::new().description("Too many").build().into());
            }
        }
        if let Some(components) = openapi.components.as_mut() {
            if let Some(RefOr::T(Schema::Object(part))) = components.schemas.get_mut("Part") {
                part.title = Some("A part".into());
            }
        }
    }
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a, b), modifiers(&Everywhere))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
