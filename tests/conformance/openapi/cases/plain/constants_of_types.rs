//! Constants of types and traits, arrays of texts, and constants built of constants.
struct Tags;
impl Tags {
    const BOOKS: &'static str = "books";
    const ABOUT: &str = concat!("All ", "books");
}
trait Named {
    const NAME: &'static str;
    const FALLBACK: &'static str = "fallback";
}
struct Shelf;
impl Named for Shelf {
    const NAME: &'static str = "shelf";
}
const LIST: [&str; 2] = ["first", "second"];
const PAIR: (&str, &str) = ("left", "right");
const LONG: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../cases/plain/texts/about.md"));

#[utoipa::path(get, path = "/a", tag = Tags::BOOKS, description = Tags::ABOUT)]
fn a() {}
#[utoipa::path(get, path = "/b", tag = Shelf::NAME, description = <Shelf as Named>::NAME, summary = Shelf::FALLBACK)]
fn b() {}
#[utoipa::path(get, path = "/c", tag = LIST[1], description = PAIR.0, summary = LONG)]
fn c() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a, b, c), tags((name = Tags::BOOKS, description = Tags::ABOUT)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
