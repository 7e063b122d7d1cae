//! Macros that call macros, with repetitions in repetitions, optional parts and several arms.
macro_rules! kinds {
    (@one $name:ident) => {
        #[derive(utoipa::ToSchema)]
        pub struct $name;
    };
    (@one $name:ident : $($field:ident),+) => {
        #[derive(utoipa::ToSchema)]
        pub struct $name {
            $(pub $field: String),+
        }
    };
    ($($name:ident $(: [$($field:ident),+])?);* $(;)?) => {
        $(kinds!(@one $name $(: $($field),+)?);)*
    };
}
kinds! {
    Nothing;
    Book: [title, author];
    Shelf: [room];
}
macro_rules! choice {
    ($name:ident = $($variant:ident)|+) => {
        #[derive(utoipa::ToSchema)]
        #[allow(dead_code)]
        pub enum $name { $($variant,)+ }
    };
}
choice!(Kind = A | B | C);

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Nothing, Book, Shelf, Kind)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
