//! actix-web's own scopes do not reach a derived document.
use actix_web::{get, web};

#[utoipa::path]
#[get("/a")]
async fn a() -> &'static str {
    ""
}
fn configure(config: &mut web::ServiceConfig) {
    config.service(web::scope("/api").service(a));
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
