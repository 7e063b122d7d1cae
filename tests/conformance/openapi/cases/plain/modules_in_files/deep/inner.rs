use super::Deep;

#[derive(utoipa::ToSchema)]
pub struct Inner {
    deep: Vec<Deep>,
}

#[utoipa::path(get, path = "/inner", description = include_str!("../../texts/about.md"))]
pub fn get() {}
