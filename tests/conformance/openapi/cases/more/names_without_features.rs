//! Names that other features would know.
use utoipa::ToSchema;

#[derive(ToSchema)]
struct Uuid {
    a: i32,
}
#[derive(ToSchema)]
struct Url {
    a: i32,
}
#[derive(ToSchema)]
struct NaiveDate {
    a: i32,
}
#[derive(ToSchema)]
struct All {
    uuid: Uuid,
    url: Option<Url>,
    day: NaiveDate,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(All)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
