//! Schemas that are collected from routes, nested ones included.
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(utoipa::ToSchema)]
struct Book {
    author: Author,
}
#[derive(utoipa::ToSchema)]
struct Author {
    name: String,
}
#[derive(utoipa::ToSchema)]
struct Problem {
    code: i32,
}
#[derive(utoipa::IntoParams)]
struct Filter {
    kind: Kind,
}
#[derive(utoipa::ToSchema)]
enum Kind {
    A,
}
#[utoipa::path(post, path = "/a", request_body = Book, params(Filter), responses(
    (status = 200, body = inline(Book)), (status = 400, body = Problem)
))]
async fn a() {}
#[utoipa::path(get, path = "/b", responses((status = 200, body = Vec<Author>)))]
async fn b() {}

pub fn openapi() -> utoipa::openapi::OpenApi {
    OpenApiRouter::<()>::default()
        .nest("/x", OpenApiRouter::new().routes(routes!(a)))
        .merge(OpenApiRouter::new().routes(routes!(b)))
        .into_openapi()
}
