//! Responses and parameters written by hand.
use std::collections::BTreeMap;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{Content, ContentBuilder, Ref, RefOr, Required, Response, ResponseBuilder, ResponsesBuilder};
use utoipa::{IntoParams, IntoResponses, ToResponse, ToSchema};

#[derive(ToSchema)]
struct Part {
    id: i32,
}
struct Mine;
impl IntoResponses for Mine {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        ResponsesBuilder::new()
            .response("200", ResponseBuilder::new().description("Fine"))
            .response("404", Response::new("Missing"))
            .build()
            .into()
    }
}
struct Named;
impl<'r> ToResponse<'r> for Named {
    fn response() -> (&'r str, RefOr<Response>) {
        (
            "Named",
            ResponseBuilder::new()
                .description("By hand")
                .content(
                    "application/json",
                    ContentBuilder::new().schema(Some(Ref::from_schema_name("Part"))).build(),
                )
                .build()
                .into(),
        )
    }
}
struct Params;
impl IntoParams for Params {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            ParameterBuilder::new()
                .name("q")
                .parameter_in(ParameterIn::Query)
                .required(Required::False)
                .description(Some("What"))
                .schema(Some(utoipa::schema!(String)))
                .build(),
        ]
    }
}
#[utoipa::path(get, path = "/a", params(Params), responses(Mine, (status = 500, response = Named)))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a), components(schemas(Part), responses(Named)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
