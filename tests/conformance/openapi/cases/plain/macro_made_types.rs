//! Types and handlers made by `macro_rules!`.
macro_rules! id {
    ($($(#[$meta:meta])* $name:ident),* $(,)?) => {
        $(
            $(#[$meta])*
            #[derive(utoipa::ToSchema)]
            pub struct $name(u32);
        )*
    };
}
id! {
    /// A book's number
    BookId,
    ShelfId,
}
macro_rules! record {
    ($name:ident { $($field:ident : $ty:ty = $example:literal),* $(,)? }) => {
        #[derive(utoipa::ToSchema)]
        pub struct $name {
            $(#[schema(example = $example)] pub $field: $ty),*
        }
    };
}
record!(Book { title: String = "Emma", shelf: ShelfId = 5, id: Option<BookId> = 1 });
macro_rules! handler {
    ($name:ident, $path:literal, $body:ty) => {
        #[utoipa::path(get, path = $path, responses((status = 200, description = "ok", body = $body)))]
        fn $name() {}
    };
}
handler!(one, "/one", Book);
handler!(two, "/two", BookId);

#[derive(utoipa::OpenApi)]
#[openapi(paths(one, two))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
