//! Summary and description from comments, from attributes and from both.
use utoipa::OpenApi;

const SUMMARY: &str = "From a constant";

/// Only a summary
#[utoipa::path(get, path = "/a")]
fn a() {}

/// A summary
///
/// A description
///   with an indented line,
///
/// and a paragraph.
#[utoipa::path(get, path = "/b")]
fn b() {}

/// Not this
///
/// nor this
#[utoipa::path(get, path = "/c", summary = SUMMARY, description = include_str!("texts/about.md"))]
fn c() {}

/// Not this
///
/// but this
#[utoipa::path(get, path = "/d", summary = "Written")]
fn d() {}

/** A block comment
 *
 * with stars
 */
#[utoipa::path(get, path = "/e")]
fn e() {}

#[doc = "An attribute"]
#[doc = ""]
#[doc = "twice"]
#[utoipa::path(get, path = "/f")]
fn f() {}

#[utoipa::path(get, path = "/g", description = "Only a description")]
fn g() {}

///Without a space
///
///	with a tab
#[utoipa::path(get, path = "/h")]
fn h() {}

#[derive(OpenApi)]
#[openapi(paths(a, b, c, d, e, f, g, h))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
