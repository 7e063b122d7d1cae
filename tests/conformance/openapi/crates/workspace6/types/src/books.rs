/// A book
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Book {
    /// Its title
    #[cfg_attr(feature = "openapi", schema(example = "Emma"))]
    pub main_title: String,
    pub kind: Kind,
    #[cfg(feature = "more")]
    pub more: i32,
    #[cfg(feature = "names")]
    pub names: Vec<String>,
}

#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), derive(Debug))]
#[derive(serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Paper,
    Audio,
}

#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Shelf {
    pub room: crate::books::inner::Room,
}

mod inner {
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub struct Room(pub String);
}
