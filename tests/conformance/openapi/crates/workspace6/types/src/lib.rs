//! Types that carry their annotations behind a feature.
#![allow(dead_code)]

pub mod books;

pub use books::{Book, Kind as BookKind};

/// A constant for other crates
pub const TAG: &str = "books of another crate";

pub type Shelves = Vec<books::Shelf>;

#[macro_export]
macro_rules! number {
    ($name:ident) => {
        #[derive(utoipa::ToSchema)]
        pub struct $name(pub u32);
    };
}
