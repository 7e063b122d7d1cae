//! Merged routers.
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

mod books {
    #[derive(utoipa::ToSchema)]
    pub struct Book {
        title: String,
    }
    #[utoipa::path(get, path = "/books", responses((status = 200, description = "ok", body = Book)))]
    pub async fn list() {}
    #[utoipa::path(put, path = "/books")]
    pub async fn put() {}

    pub fn router() -> super::OpenApiRouter {
        super::OpenApiRouter::new().routes(super::routes!(list)).routes(super::routes!(put))
    }
}
mod loans {
    use utoipa_axum::{router::OpenApiRouter, routes};

    #[utoipa::path(get, path = "/loans")]
    async fn list() {}
    #[utoipa::path(delete, path = "/books")]
    async fn drop_all() {}

    pub(super) fn router() -> OpenApiRouter {
        let router = OpenApiRouter::new();
        let router = router.routes(routes!(list));
        router.routes(routes!(drop_all))
    }
}

pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut router = OpenApiRouter::default().merge(books::router()).merge(loans::router());
    router.to_openapi()
}
