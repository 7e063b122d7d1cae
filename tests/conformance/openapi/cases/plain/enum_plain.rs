//! Enums of unit variants only.
use utoipa::ToSchema;

/// A direction
#[derive(ToSchema)]
#[schema(title = "Direction", example = "Up", default = "Down")]
enum A {
    /// Up
    Up,
    Down,
}
#[derive(ToSchema)]
#[schema(rename_all = "snake_case", as = moves::Turn, description = "Where to")]
enum B {
    LeftTurn,
    #[schema(rename = "R")]
    RightTurn,
}
#[derive(ToSchema)]
#[schema(examples("One", "Two"), deprecated)]
enum C {
    One,
    Two,
}
#[deprecated]
#[derive(ToSchema)]
enum D {
    One = 1,
    Two = 2,
}
#[derive(ToSchema)]
#[schema(default = fallback)]
enum E {
    A,
    B,
}
fn fallback() -> &'static str {
    "B"
}
#[derive(ToSchema)]
enum F {}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(A, B, C, D, E)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
