//! Items, fields, variants and statements that `cfg` takes out.
use utoipa::ToSchema;

#[cfg(any())]
#[derive(ToSchema)]
struct Part {
    never: i32,
}
#[cfg(not(any()))]
#[derive(ToSchema)]
struct Part {
    id: i32,
    #[cfg(any())]
    never: i32,
    #[cfg(all())]
    always: i32,
    #[cfg(not(feature = "absent"))]
    without_feature: i32,
    #[cfg(feature = "absent")]
    with_feature: i32,
}
#[derive(ToSchema)]
enum Kind {
    A,
    #[cfg(feature = "absent")]
    B,
    #[cfg(all(not(feature = "absent"), not(any())))]
    C,
}
#[cfg(test)]
mod tests {
    #[derive(utoipa::ToSchema)]
    pub struct Kind;
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Part, Kind)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
