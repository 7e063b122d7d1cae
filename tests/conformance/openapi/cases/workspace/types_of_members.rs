//! Types, constants, macros and handlers of other crates of the workspace, with the features that are on there.
use renamed::{Kind as OtherKind, inner};
use types::{Book, Shelves};

types::number!(BookNumber);

#[derive(utoipa::ToSchema)]
struct Holder {
    book: Book,
    other: OtherKind,
    through: inner::BookKind,
    shelves: Shelves,
    number: BookNumber,
    id: uuid_like::Uuid,
}
mod uuid_like {
    pub struct Uuid;
}
#[utoipa::path(get, path = "/a", tag = types::TAG, responses((status = 200, body = types::books::Book)))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a, renamed::api::other), components(schemas(Holder)), nest((path = "/nested", api = renamed::api::Api)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
