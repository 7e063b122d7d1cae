//! `OpenApiRouter::new` carries the information of utoipa-axum's own package.
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(utoipa::ToSchema)]
struct Book {
    title: String,
}
#[utoipa::path(get, path = "/books", responses((status = 200, description = "ok", body = [Book])))]
async fn books() {}

pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, openapi) = OpenApiRouter::<()>::new().routes(routes!(books)).split_for_parts();
    openapi
}
