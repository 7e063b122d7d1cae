//! `OpenApiRouter::default` carries nothing.
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[utoipa::path(get, path = "")]
async fn root() {}

pub fn openapi() -> utoipa::openapi::OpenApi {
    OpenApiRouter::<()>::default().routes(routes!(root)).into_openapi()
}
