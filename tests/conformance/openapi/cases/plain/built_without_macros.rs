//! A document made of builders only.
use utoipa::openapi::path::{PathItemBuilder, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::*;

pub fn openapi() -> OpenApi {
    OpenApiBuilder::new()
        .info(InfoBuilder::new().title("Built").version("0.1.0").description(Some("By hand")).build())
        .paths(
            PathsBuilder::new().path(
                "/a",
                PathItemBuilder::new()
                    .operation(
                        HttpMethod::Get,
                        OperationBuilder::new()
                            .operation_id(Some("a"))
                            .tag("t")
                            .parameter(
                                ParameterBuilder::new()
                                    .name("q")
                                    .parameter_in(ParameterIn::Query)
                                    .schema(Some(ObjectBuilder::new().schema_type(schema::Type::String))),
                            )
                            .response("200", ResponseBuilder::new().description("ok").build()),
                    )
                    .build(),
            ),
        )
        .servers(Some([Server::new("/x")]))
        .tags(Some([TagBuilder::new().name("t").description(Some("T")).build()]))
        .build()
}
