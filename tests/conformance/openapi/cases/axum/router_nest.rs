//! Nested routers: slashes are joined as axum joins them.
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[utoipa::path(get, path = "/")]
async fn root() {}
#[utoipa::path(get, path = "/search")]
async fn search() {}
#[utoipa::path(get, path = "")]
async fn empty() {}
#[utoipa::path(get, path = "/{id}", params(("id" = i32, Path)))]
async fn one(axum::extract::Path(id): axum::extract::Path<i32>) {}

fn inner() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(root)).routes(routes!(search))
}
fn third() -> OpenApiRouter {
    OpenApiRouter::new().nest("/deep", OpenApiRouter::new().nest("/deeper", inner())).routes(routes!(one))
}

pub fn openapi() -> utoipa::openapi::OpenApi {
    let router = OpenApiRouter::default()
        .nest("/a", inner())
        .nest("/b/", inner())
        .nest("/c/{tenant}", third())
        .nest("/d", OpenApiRouter::new().routes(routes!(empty)));
    router.into_openapi()
}
