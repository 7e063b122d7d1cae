//! `schema!` in a builder.
use utoipa::openapi::{ComponentsBuilder, OpenApiBuilder, RefOr, Schema};

#[derive(utoipa::ToSchema)]
struct Pet {
    id: i32,
    name: String,
}

pub fn openapi() -> utoipa::openapi::OpenApi {
    OpenApiBuilder::new()
        .components(Some(
            ComponentsBuilder::new()
                .schema("pets", RefOr::<Schema>::from(utoipa::schema!(Vec<Pet>)))
                .schema("inline", RefOr::<Schema>::from(utoipa::schema!(#[inline] Vec<Pet>)))
                .schema("text", RefOr::<Schema>::from(utoipa::schema!(String)))
                .schema_from::<Pet>()
                .build(),
        ))
        .build()
}
