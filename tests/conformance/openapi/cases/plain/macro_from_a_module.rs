//! A macro that another module exports, and a module that a macro makes.
#[macro_use]
mod macros {
    macro_rules! wrapper {
        ($name:ident($inner:ty)) => {
            #[derive(utoipa::ToSchema)]
            pub struct $name($inner);
        };
    }
    macro_rules! module {
        ($name:ident) => {
            pub mod $name {
                #[derive(utoipa::ToSchema)]
                pub struct Part {
                    pub id: i32,
                }
            }
        };
    }
    pub(crate) use wrapper;
}
module!(made);
macros::wrapper!(Wrap(made::Part));
wrapper!(Text(String));

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Wrap, Text)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
