//! Constants of every kind where an expression may stand.
mod texts {
    pub const ONE: &str = "one";
    pub const TWO: &str = ONE;
    pub mod deep {
        pub const THREE: &str = concat!("three", "-", 3, '-', true, "-", 1.5);
        pub static FOUR: &str = "four";
    }
}
use texts::deep::{FOUR as OTHER, THREE};

struct Keys;
impl Keys {
    const TAG: &'static str = "associated";
}
const fn made() -> &'static str {
    "made"
}
const MADE: &str = made();
const CHOSEN: &str = if cfg!(feature = "absent") { "with" } else { "without" };
const LINES: &str = "two \
    lines";
const RAW: &str = r#"raw "text""#;

#[utoipa::path(get, path = texts::ONE, tag = texts::TWO, operation_id = THREE, summary = OTHER, description = Keys::TAG)]
fn a() {}
#[utoipa::path(get, path = "/b", tags = [MADE, CHOSEN], description = LINES, summary = RAW)]
fn b() {}
#[utoipa::path(get, path = "/c", context_path = self::texts::ONE, description = stringify!(a b), summary = env!("CARGO_PKG_VERSION"))]
fn c() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a, b, c))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
