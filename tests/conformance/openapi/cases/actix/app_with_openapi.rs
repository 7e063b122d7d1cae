//! A derived document as the start.
use actix_web::{App, get};
use utoipa::OpenApi;
use utoipa_actix_web::AppExt;

#[derive(OpenApi)]
#[openapi(info(title = "Lending", version = "1"), tags((name = "t", description = "T")))]
struct Doc;
#[utoipa::path]
#[get("/a")]
async fn a() -> &'static str {
    ""
}

pub fn openapi() -> utoipa::openapi::OpenApi {
    let (app, openapi) = App::new()
        .into_utoipa_app()
        .openapi(Doc::openapi())
        .map(|app| app)
        .service(a)
        .split_for_parts();
    openapi
}
