//! Extractors say nothing where no framework's feature is on.
struct Path<T>(T);
struct Query<T>(T);
struct Json<T>(T);
#[derive(utoipa::ToSchema, utoipa::IntoParams)]
struct Filter {
    q: String,
}
#[utoipa::path(post, path = "/a/{id}/{other}")]
fn a(Path((id, other)): Path<(i32, String)>, Query(filter): Query<Filter>, Json(body): Json<Filter>) {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
