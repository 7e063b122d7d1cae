//! Query arguments place the parameters of a type.
use axum::extract::{Path, Query, State};
use axum::{Extension, Json};

#[derive(serde::Deserialize, utoipa::IntoParams)]
struct Search {
    /// Search by value.
    value: String,
    done: Option<bool>,
}
#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
struct Headers {
    trace: String,
}
#[utoipa::path(get, path = "/a", params(Search), responses((status = 200, description = "ok", body = [String])))]
async fn a(query: Query<Search>) -> Json<Vec<String>> {
    Json(vec![])
}
#[utoipa::path(get, path = "/b")]
async fn b(Query(search): Query<Search>) {}
#[utoipa::path(get, path = "/c/{id}", params(Search, Headers, ("id", description = "Id")))]
async fn c(State(state): State<()>, Path(id): Path<u64>, Query(search): Query<Search>) {}
#[utoipa::path(get, path = "/d", params(Search))]
async fn d() {}
#[utoipa::path(get, path = "/e", params(Search))]
async fn e(search: axum::extract::Query<Search>, _: Extension<()>) {}
#[utoipa::path(get, path = "/f", params(Search))]
async fn f(Query(search): Query<self::Search>) {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a, b, c, d, e, f))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
