//! Services of an app, and the schemas that they bring.
use actix_web::{App, get, post, web::Json};
use utoipa_actix_web::AppExt;

#[derive(utoipa::ToSchema, serde::Serialize, serde::Deserialize)]
struct Book {
    author: Author,
}
#[derive(utoipa::ToSchema, serde::Serialize, serde::Deserialize)]
struct Author {
    name: String,
}
#[utoipa::path(responses((status = OK, body = Book)))]
#[get("/book")]
async fn book() -> Json<Book> {
    unimplemented!()
}
#[utoipa::path(tag = "t")]
#[post("/book")]
async fn new_book(body: Json<Book>) -> &'static str {
    ""
}

pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, openapi) = App::new().into_utoipa_app().service(book).service(new_book).split_for_parts();
    openapi
}
