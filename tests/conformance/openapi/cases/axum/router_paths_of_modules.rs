//! Handlers named by path in `routes!`.
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

mod api {
    pub mod books {
        #[utoipa::path(get, path = "/a")]
        pub async fn a() {}
        #[utoipa::path(post, path = "/a", tag = "own")]
        pub async fn b() {}
    }
}

pub fn openapi() -> utoipa::openapi::OpenApi {
    OpenApiRouter::<()>::default()
        .routes(routes!(api::books::a, self::api::books::b))
        .into_openapi()
}
