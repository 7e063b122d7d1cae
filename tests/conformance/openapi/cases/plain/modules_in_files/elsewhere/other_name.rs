#[derive(utoipa::ToSchema)]
pub struct Named(pub String);
