//! Parameters as tuples: places, types, flags.
use utoipa::OpenApi;

#[derive(utoipa::ToSchema)]
enum Order {
    Up,
    Down,
}

#[utoipa::path(
    get,
    path = "/books/{id}/{part}",
    params(
        ("id" = i64, Path, description = "The book"),
        ("part", Path, description = "No type"),
        ("limit" = Option<u32>, Query, description = "At most"),
        ("order" = Order, Query),
        ("order2" = inline(Order), Query, deprecated),
        ("tag" = Vec<String>, Query, style = Form, explode, allow_reserved),
        ("x-trace" = String, Header, deprecated = false),
        ("session" = Option<String>, Cookie),
        ("many" = Option<Vec<Order>>, Query, style = SpaceDelimited),
        ("slice" = [u8], Query, style = PipeDelimited),
        ("deep" = inline(Option<Vec<Order>>), Query, style = DeepObject),
    )
)]
fn a() {}

#[derive(OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
