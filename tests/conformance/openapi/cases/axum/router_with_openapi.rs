//! A derived document as the start, and several handlers of one path.
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(utoipa::ToSchema)]
struct Book {
    title: String,
}
#[derive(utoipa::ToSchema)]
struct Extra {
    id: i32,
}
/// All
#[utoipa::path(get, path = "/books", tag = "books", responses((status = 200, description = "ok", body = [Book])))]
async fn list() {}
/// One more
#[utoipa::path(post, path = "/books", request_body = Book, tags = ["a", "b"])]
async fn create() {}
#[utoipa::path(delete, path = "/books/{id}", params(("id" = i32, Path)))]
async fn delete(axum::extract::Path(id): axum::extract::Path<i32>) {}

#[derive(OpenApi)]
#[openapi(components(schemas(Extra)), tags((name = "books")), info(title = "Lending", version = "1"))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    let router: OpenApiRouter =
        OpenApiRouter::with_openapi(Doc::openapi()).routes(routes!(list, create)).routes(routes!(delete));
    router.get_openapi().clone()
}
