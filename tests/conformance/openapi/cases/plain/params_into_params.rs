//! `IntoParams` on named fields with every attribute.
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

#[derive(ToSchema, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Dog,
    Cat,
}
#[derive(Deserialize, IntoParams)]
#[into_params(style = Form, parameter_in = Query)]
struct Filter {
    /// Name of pet
    name: Option<String>,
    age: i32,
    #[param(inline)]
    kind: Kind,
    other: Option<Kind>,
    kinds: Vec<Kind>,
    #[param(style = SpaceDelimited, explode, allow_reserved, example = json!([10]))]
    ages: Option<Vec<i32>>,
    #[deprecated]
    old: Option<String>,
    #[param(value_type = i64)]
    id: String,
    #[param(value_type = Option<String>)]
    maybe: i32,
    #[param(value_type = Object)]
    object: String,
    #[param(default = json!(5), example = 7)]
    limit: u32,
    #[param(rename = "re-named")]
    renamed: String,
    #[param(required)]
    required: Option<i32>,
    #[param(required = false)]
    optional: i32,
    #[param(nullable)]
    nullable: i32,
    #[param(ignore)]
    ignored: i32,
    #[param(format = Date, write_only)]
    date: String,
    #[param(read_only, explode = false)]
    read: String,
    #[param(minimum = 1, maximum = 5)]
    bounded: i32,
    #[param(max_length = 3, pattern = "a*")]
    text: String,
    #[param(max_items = 3)]
    list: Vec<String>,
    #[serde(rename = "from serde")]
    serde_name: i32,
    #[serde(default)]
    with_default: i32,
    #[serde(skip)]
    skipped: i32,
    r#type: String,
}
#[utoipa::path(get, path = "/a", params(Filter))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
