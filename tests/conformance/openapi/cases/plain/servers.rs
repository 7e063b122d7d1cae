//! Servers with and without variables.
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(servers(
    (url = "https://example.org/api", description = "The public one"),
    (url = "https://{region}.example.org:{port}/", description = "By region",
        variables(
            ("region" = (default = "eu", enum_values("eu", "us"), description = "Where it runs")),
            ("port" = (default = "443"))
        )),
    (url = "/"),
))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
