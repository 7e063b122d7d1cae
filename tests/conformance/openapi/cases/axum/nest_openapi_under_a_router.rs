//! Documents that are nested by hand beside routers.
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[utoipa::path(get, path = "/a")]
async fn a() {}
#[utoipa::path(get, path = "/b")]
async fn b() {}
#[derive(OpenApi)]
#[openapi(paths(b), tags((name = "second", description = "Second")))]
struct Second;
#[derive(OpenApi)]
#[openapi(info(title = "first", version = "1"), nest((path = "/second", api = Second)))]
struct First;

pub fn openapi() -> utoipa::openapi::OpenApi {
    OpenApiRouter::<()>::with_openapi(First::openapi()).nest("/api", OpenApiRouter::new().routes(routes!(a))).into_openapi()
}
