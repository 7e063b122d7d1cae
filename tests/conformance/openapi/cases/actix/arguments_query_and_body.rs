//! Queries and bodies from arguments.
use actix_web::web::{Data, Form, Json, Query};
use actix_web::{HttpRequest, HttpResponse, Responder, get, post};

#[derive(serde::Deserialize, utoipa::IntoParams)]
struct Filter {
    #[deprecated]
    #[param(style = Form, explode, allow_reserved, example = json!([10]))]
    age: Option<Vec<i32>>,
    name: String,
}
#[derive(serde::Deserialize, utoipa::ToSchema)]
struct Book {
    title: String,
}
#[utoipa::path(params(Filter))]
#[get("/a")]
async fn a(query: Query<Filter>) -> impl Responder {
    HttpResponse::Ok()
}
#[utoipa::path]
#[get("/b")]
async fn b(query: Query<Filter>, request: HttpRequest) -> impl Responder {
    HttpResponse::Ok()
}
#[utoipa::path]
#[post("/c")]
async fn c(book: Json<Book>, data: Data<String>) -> impl Responder {
    HttpResponse::Ok()
}
#[utoipa::path]
#[post("/d")]
async fn d(book: Form<Book>) -> impl Responder {
    HttpResponse::Ok()
}
#[utoipa::path(request_body = String)]
#[post("/f")]
async fn f(book: Json<Vec<Book>>) -> impl Responder {
    HttpResponse::Ok()
}
#[utoipa::path]
#[post("/g")]
async fn g(Json(book): Json<Vec<Book>>) -> impl Responder {
    HttpResponse::Ok()
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a, b, c, d, f, g))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
