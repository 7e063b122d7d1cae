//! What `routes!` makes, taken apart and changed by its parts.
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(utoipa::ToSchema)]
struct Pet {
    name: String,
}
#[utoipa::path(get, path = "/pets", responses((status = 200, body = [Pet])))]
async fn pets() {}
#[utoipa::path(get, path = "/dogs")]
async fn dogs() {}

pub fn openapi() -> utoipa::openapi::OpenApi {
    let (schemas, mut paths, router) = routes!(pets);
    if let Some(item) = paths.paths.get_mut("/pets") {
        item.summary = Some("Pets".to_string());
    }
    let mut other = routes!(dogs);
    for item in other.1.paths.values_mut() {
        if let Some(operation) = item.get.as_mut() {
            operation.description = Some("changed".to_owned());
        }
    }
    OpenApiRouter::<()>::new().routes((schemas, paths, router)).routes(other).into_openapi()
}
