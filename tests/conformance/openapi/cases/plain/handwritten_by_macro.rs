//! Schemas and responses by hand, made by a macro.
macro_rules! text_type {
    ($name:ident, $pattern:literal) => {
        pub struct $name(String);
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some($pattern))
                    .title(Some(stringify!($name)))
                    .into()
            }
        }
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }
    };
}
text_type!(Isbn, "^[0-9-]+$");
text_type!(Shelf, "^[A-Z][0-9]$");

macro_rules! failure {
    ($name:ident { $($status:literal => $text:expr),* }) => {
        pub struct $name;
        impl utoipa::IntoResponses for $name {
            fn responses() -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::Response>> {
                std::collections::BTreeMap::from([
                    $(($status.to_string(), utoipa::openapi::ResponseBuilder::new().description($text).build().into())),*
                ])
            }
        }
    };
}
failure!(Failure { "404" => "Missing", "500" => concat!("Broken", "!") });

#[derive(utoipa::ToSchema)]
struct Book {
    isbn: Isbn,
    shelf: Option<Shelf>,
}
#[utoipa::path(get, path = "/a", responses((status = 200, body = Book), Failure))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
