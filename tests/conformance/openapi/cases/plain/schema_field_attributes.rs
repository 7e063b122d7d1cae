//! Field attributes that set one key each.
use utoipa::ToSchema;

#[derive(ToSchema)]
struct Part {
    id: i32,
}

#[derive(ToSchema)]
struct All {
    #[schema(example = "text")]
    example: String,
    #[schema(example = 5)]
    example_number: i32,
    #[schema(example = -5)]
    example_negative: i32,
    #[schema(example = 1.5)]
    example_float: f64,
    #[schema(example = true)]
    example_bool: bool,
    #[schema(example = json!(["a", {"b": null}]))]
    example_json: Vec<String>,
    #[schema(examples("a", "b"))]
    examples: String,
    #[schema(examples(json!({"id": 1}), json!(2)))]
    examples_json: Part,
    #[schema(default = "text")]
    default: String,
    #[schema(default = 5)]
    default_number: u8,
    #[schema(default = json!({"id": 3}))]
    default_json: Part,
    #[schema(default = json!([]))]
    default_list: Vec<i32>,
    #[schema(format = Binary)]
    format: String,
    #[schema(format = "isbn")]
    format_text: String,
    #[schema(write_only)]
    write_only: String,
    #[schema(read_only)]
    read_only: Vec<String>,
    #[schema(write_only = true, read_only = false)]
    both: String,
    #[schema(nullable)]
    nullable: String,
    #[schema(nullable = false)]
    not_nullable: Option<String>,
    #[schema(nullable)]
    nullable_part: Part,
    #[schema(required)]
    required: Option<String>,
    #[schema(required = true)]
    required_true: Option<Part>,
    #[schema(required = false)]
    required_false: String,
    #[schema(rename = "other")]
    rename: String,
    #[schema(deprecated)]
    deprecated: String,
    #[schema(deprecated = false)]
    not_deprecated: String,
    #[deprecated]
    rust_deprecated: String,
    #[schema(content_encoding = "base64")]
    encoding: String,
    #[schema(content_media_type = "application/octet-stream")]
    media: Vec<u8>,
    #[schema(inline)]
    inline: Part,
    #[schema(inline = false)]
    not_inline: Part,
    #[schema(ignore)]
    ignore: String,
    #[schema(ignore = false)]
    not_ignored: String,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(All)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
