//! Scopes in scopes.
use actix_web::{App, get, web};
use utoipa_actix_web::{AppExt, scope};

#[derive(utoipa::ToSchema)]
struct Book {
    title: String,
}
#[utoipa::path(responses((status = OK, body = Book)))]
#[get("/a")]
async fn a() -> &'static str {
    ""
}
#[utoipa::path]
#[get("/b/{id}")]
async fn b(id: web::Path<i32>) -> &'static str {
    ""
}
#[utoipa::path]
#[get("")]
async fn c() -> &'static str {
    ""
}
async fn plain() -> &'static str {
    ""
}

pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, openapi) = App::new()
        .into_utoipa_app()
        .openapi(utoipa::openapi::OpenApi::default())
        .service(
            scope("/api")
                .service(scope::scope("/v1").service(a).service(c))
                .service(b)
                .route("/plain", web::get().to(plain)),
        )
        .service(scope::scope("/other/").service(b))
        .split_for_parts();
    openapi
}
