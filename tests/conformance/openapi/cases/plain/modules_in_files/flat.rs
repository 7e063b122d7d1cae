/// In `flat.rs`
#[derive(utoipa::ToSchema)]
pub struct Flat {
    up: super::deep::Deep,
}

#[utoipa::path(get, path = "/flat", responses((status = 200, body = Flat)))]
pub fn get() {}
