//! `bound` instead of the bounds that the macro would write.
use std::marker::PhantomData;
use utoipa::ToSchema;

#[derive(ToSchema)]
struct NotInApi;
#[derive(ToSchema, serde::Serialize)]
#[schema(bound = "T: utoipa::ToSchema")]
struct Partial<T, U> {
    used: T,
    #[serde(skip)]
    unused: PhantomData<U>,
}
#[derive(ToSchema, serde::Serialize)]
#[schema(bound = "")]
struct Unused<T> {
    #[serde(skip)]
    marker: PhantomData<T>,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Partial<String, NotInApi>, Unused<NotInApi>)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
