//! Defaults and examples that name functions.
use utoipa::ToSchema;

#[derive(ToSchema)]
struct Settings {
    #[schema(default = retries)]
    retries: u8,
    #[schema(default = name, example = name)]
    name: String,
    #[schema(default = u64::default, example = u64::default)]
    zero: u64,
    #[schema(default = String::default)]
    empty: String,
    #[schema(default = texts::greeting)]
    text: String,
    #[schema(default = bool::default)]
    no: bool,
}

fn retries() -> u8 {
    3
}
fn name() -> String {
    "main".to_string()
}
mod texts {
    pub fn greeting() -> &'static str {
        "hello"
    }
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Settings)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
