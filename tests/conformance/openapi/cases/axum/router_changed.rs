//! What is done to a router and its document on the way.
use axum::routing::get;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

#[utoipa::path(get, path = "/a")]
async fn a() {}
#[utoipa::path(get, path = "/b")]
async fn b() {}
async fn plain() {}

fn router() -> OpenApiRouter {
    let mut router = OpenApiRouter::default()
        .routes(routes!(a))
        .route("/plain", get(plain))
        .routes(routes!(b).map(|method| method))
        .fallback(plain)
        .with_state(());
    router.get_openapi_mut().info.title = "Changed".to_string();
    router
}

pub fn openapi() -> utoipa::openapi::OpenApi {
    let (router, mut openapi) = router().split_for_parts();
    openapi.info.version = "2".to_string();
    let _router: axum::Router = router;
    openapi
}
