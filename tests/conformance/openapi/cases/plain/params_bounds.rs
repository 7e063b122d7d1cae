//! Bounds and formats of a parameter's type.
use utoipa::OpenApi;

#[utoipa::path(
    get,
    path = "/a",
    params(
        ("n" = i32, Query, minimum = 1, maximum = 10, multiple_of = 2.5),
        ("x" = f64, Query, exclusive_minimum = -0.5, exclusive_maximum = 1e3),
        ("s" = String, Query, min_length = 1, max_length = 20, pattern = "^[a-z]+$", format = "slug"),
        ("v" = Vec<String>, Query, min_items = 1, max_items = 5),
        ("d" = String, Query, format = DateTime, example = json!("2020-01-01T00:00:00Z")),
        ("p" = String, Query, format = Password, write_only),
        ("r" = String, Query, read_only, nullable),
        ("e" = i64, Query, example = 7, description = "With an example"),
        ("m" = String, Query, xml(name = "em", attribute)),
    )
)]
fn a() {}

#[derive(OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
