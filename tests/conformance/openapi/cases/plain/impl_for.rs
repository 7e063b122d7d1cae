//! A path that is implemented for a type of ours.
struct Handlers;

#[utoipa::path(get, path = "/a", impl_for = Handlers)]
fn a() {}

pub fn openapi() -> utoipa::openapi::OpenApi {
    use utoipa::Path;
    let operation = Handlers::operation();
    utoipa::openapi::OpenApiBuilder::new()
        .paths(
            utoipa::openapi::PathsBuilder::new()
                .path(Handlers::path(), utoipa::openapi::PathItem::new(utoipa::openapi::HttpMethod::Get, operation)),
        )
        .build()
}
