//! Types that only look like known ones: the macro goes by the last name of the path.
mod mine {
    #[derive(utoipa::ToSchema)]
    pub struct Uuid {
        inner: i32,
    }
    #[derive(utoipa::ToSchema)]
    pub struct DateTime {
        at: i64,
    }
    #[derive(utoipa::ToSchema)]
    pub struct Url(String);
}
#[derive(utoipa::ToSchema)]
struct Holder {
    id: mine::Uuid,
    at: Option<mine::DateTime>,
    url: mine::Url,
    list: Vec<mine::Uuid>,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Holder)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
