//! `json!` of literals, nested, with negative numbers, escapes, trailing commas and constants.
use utoipa::ToSchema;

const NAME: &str = "named";
const COUNT: u32 = 7;

#[derive(ToSchema)]
#[schema(example = json!({
    "text": "a \"quoted\" text\n with a break \u{e9} \x41",
    "numbers": [0, -1, 1.0, 1.5e10, 18446744073709551615u64, -9223372036854775808i64, 1_000, 0xff],
    "nested": {"a": {"b": [[], {}, [null]]}},
    "flags": [true, false, null],
    "z": 1, "a": 2, "m": 3,
    "const": NAME,
    "count": COUNT,
    "sum": 1 + 1,
    "raw": r"\d",
    "char": 'c',
}))]
struct A {
    #[schema(example = json!("text"))]
    text: String,
    #[schema(example = json!(null))]
    nothing: Option<i32>,
    #[schema(example = json!([]))]
    list: Vec<i32>,
    #[schema(example = json!(1.0))]
    float: f64,
    #[schema(example = json!(1e2))]
    exponent: f64,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(A)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
