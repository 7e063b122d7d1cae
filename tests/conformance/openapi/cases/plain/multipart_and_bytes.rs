//! Forms with files, and pictures as text.
#[derive(utoipa::ToSchema)]
struct MyForm {
    order_id: i32,
    #[schema(content_media_type = "application/octet-stream")]
    file_bytes: Vec<u8>,
    #[schema(value_type = String, format = Binary, content_media_type = "image/png")]
    picture: Vec<u8>,
    #[schema(format = Byte)]
    base: String,
}
#[derive(utoipa::ToSchema)]
#[schema(content_encoding = "base64")]
struct MyPng(String);

#[utoipa::path(post, request_body(content = inline(MyForm), content_type = "multipart/form-data"), path = "/form")]
fn form() {}
#[utoipa::path(post, request_body(content = inline(MyPng), content_type = "image/png"), path = "/png")]
fn png() {}
#[utoipa::path(post, request_body(content = Vec<u8>, content_type = "application/x-tar"), path = "/tar")]
fn tar() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(form, png, tar))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
