//! Such types as parameters, bodies, headers and responses.
use chrono::{DateTime, NaiveDate, Utc};
use utoipa::IntoParams;
use uuid::Uuid;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
struct Filter {
    since: DateTime<Utc>,
    until: Option<NaiveDate>,
    ids: Vec<Uuid>,
}
#[utoipa::path(post, path = "/a/{id}", params(("id" = Uuid, Path), ("day" = NaiveDate, Query), Filter), request_body = Uuid,
    responses((status = 200, description = "ok", body = DateTime<Utc>, headers(("x-at" = DateTime<Utc>)))))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
