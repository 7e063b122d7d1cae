//! Descriptions of types, fields and variants.
use utoipa::ToSchema;

/// First line
/// second line
///
/// Third, with `code` and "quotes" and a \ backslash
#[derive(ToSchema)]
struct A {
    /// A field
    ///
    /// and more of it
    a: i32,
    /** A block */
    b: String,
    #[doc = "From an attribute"]
    c: B,
    #[doc = concat!("From ", "a macro")]
    d: Option<B>,
    /// On a list
    e: Vec<B>,
    ///   indented
    f: bool,
    /// trailing space   
    g: bool,
}

#[doc = include_str!("texts/about.md")]
#[derive(ToSchema)]
enum B {
    /// Up
    Up,
    /// Down
    Down,
}

/// # Heading
///
/// - list
///   - nested
///
/// ```json
/// { "a": 1 }
/// ```
#[derive(ToSchema)]
enum C {
    /// Nothing
    Nothing,
    /// A number
    Number(i32),
    /// A part
    Part {
        /// Its name
        name: String,
    },
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(A, B, C)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
