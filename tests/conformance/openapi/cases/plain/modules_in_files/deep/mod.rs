pub mod inner;

/// In `deep/mod.rs`
#[derive(utoipa::ToSchema)]
pub struct Deep {
    id: i32,
}
