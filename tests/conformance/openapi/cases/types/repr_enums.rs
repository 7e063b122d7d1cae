//! Enums by their numbers.
use utoipa::ToSchema;

#[derive(ToSchema)]
#[repr(u8)]
#[schema(default = default_value, example = 2)]
enum Mode {
    One = 1,
    Two,
}
fn default_value() -> u8 {
    1
}
#[derive(ToSchema, serde::Serialize)]
#[repr(i8)]
enum Exit {
    Error = -1,
    #[serde(skip)]
    Unknown = 0,
    /// Fine
    Ok = 1,
}
/// Described
#[derive(ToSchema)]
#[repr(i64)]
#[schema(title = "Titled", as = codes::Code)]
enum Code {
    A = 0x10,
    B,
    C = 1 << 5,
    D,
}
#[derive(ToSchema)]
#[repr(usize)]
enum Size {
    A,
    B,
}
const TEN: u16 = 10;
#[derive(ToSchema)]
#[repr(u16)]
enum FromConst {
    A = TEN,
    B = TEN + 5,
    C,
}
#[derive(ToSchema)]
struct Holder {
    mode: Mode,
    #[schema(inline)]
    exit: Exit,
    list: Vec<Code>,
    size: Option<Size>,
    other: FromConst,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Holder)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
