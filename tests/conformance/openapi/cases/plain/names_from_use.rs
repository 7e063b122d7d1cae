//! Types reached through `use`: renamed, globs, groups, re-exports, `super`, `self` and `crate`.
use utoipa::ToSchema;

mod a {
    #[derive(utoipa::ToSchema)]
    pub struct Part {
        from_a: i32,
    }
    pub mod inner {
        #[derive(utoipa::ToSchema)]
        pub struct Deep {
            up: super::Part,
            other: super::super::b::Other,
        }
    }
    pub use inner::Deep as Reexported;
}
mod b {
    #[derive(utoipa::ToSchema)]
    pub struct Other {
        from_b: i32,
    }
    #[derive(utoipa::ToSchema)]
    pub struct Third {
        third: self::Other,
    }
    pub mod all {
        pub use super::super::a::*;
        pub use super::{Other, Third as Fourth};
    }
}
mod c {
    use super::b::all::*;
    #[derive(utoipa::ToSchema)]
    pub struct User {
        part: Part,
        deep: Reexported,
        fourth: Fourth,
    }
}
use a::Part as Renamed;

#[derive(ToSchema)]
struct Holder {
    renamed: Renamed,
    user: c::User,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Holder)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
