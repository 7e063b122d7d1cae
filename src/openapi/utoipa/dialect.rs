//! What a service's version and features of utoipa change.

use std::collections::{BTreeMap, BTreeSet};

/// The version and the features, as the service's manifest and lock file resolve them.
#[derive(Clone, Debug, Default)]
pub(super) struct Dialect {
    /// `5` or `6`.
    pub major: u8,
    /// Features of the crate `utoipa`.
    pub features: BTreeSet<String>,
    /// Whether maps in examples keep the order they were written in (`serde_json/preserve_order`).
    pub json_order: bool,
    /// `aliases` of utoipa-config.
    pub aliases: BTreeMap<String, String>,
    /// Whether inlined schemas are collected as well (utoipa-config's `SchemaCollect::All`).
    pub collect_all: bool,
}

/// A primitive's type in JSON Schema and its format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Primitive {
    pub ty: PrimitiveType,
    pub format: Option<&'static str>,
}

/// The types that primitives have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PrimitiveType {
    String,
    Boolean,
    Integer,
    Number,
    Object,
}

/// Types around one or two others that utoipa knows by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Generic {
    Map,
    List,
    LinkedList,
    Set,
    SmallVec,
    Option,
    /// `Cow`, `Box`, `RefCell`, `Arc`, `Rc`: as what they hold.
    Transparent,
}

impl Dialect {
    /// Whether a feature is on.
    pub fn has(&self, feature: &str) -> bool {
        self.features.contains(feature)
    }

    fn any(&self, features: &[&str]) -> bool {
        features.iter().any(|feature| self.has(feature))
    }

    /// Whether utoipa takes a type for a primitive, by the last part of its path.
    pub fn primitive(&self, name: &str) -> Option<Primitive> {
        let make = |ty: PrimitiveType, format: Option<&'static str>| Some(Primitive { ty, format });
        if let Some(found) = self.number(name) {
            return Some(found);
        }
        match name {
            "String" | "str" | "char" => return make(PrimitiveType::String, None),
            "bool" => return make(PrimitiveType::Boolean, None),
            "DateTime" | "NaiveDateTime" if self.has("chrono") => {
                return make(PrimitiveType::String, Some("date-time"));
            }
            "NaiveDate" if self.has("chrono") => return make(PrimitiveType::String, Some("date")),
            "NaiveTime" if self.has("chrono") => return make(PrimitiveType::String, None),
            "Date" if self.any(&["chrono", "time", "jiff_0_2"]) => {
                return make(PrimitiveType::String, Some("date"));
            }
            "Duration" if self.any(&["chrono", "time"]) => return make(PrimitiveType::String, None),
            "PrimitiveDateTime" | "OffsetDateTime" if self.has("time") => {
                return make(PrimitiveType::String, Some("date-time"));
            }
            "Zoned" | "Timestamp" if self.has("jiff_0_2") => {
                return make(PrimitiveType::String, Some("date-time"));
            }
            _ => {}
        }
        match name {
            "Decimal" if self.has("decimal") => make(PrimitiveType::String, None),
            "Decimal" if self.has("decimal_float") => make(PrimitiveType::Number, Some("double")),
            "BigDecimal" if self.has("bigdecimal") => make(PrimitiveType::String, None),
            "BigDecimal" if self.has("bigdecimal_float") => make(PrimitiveType::Number, Some("double")),
            "PathBuf" if self.has("rocket_extras") => make(PrimitiveType::String, None),
            "Uuid" if self.has("uuid") => make(PrimitiveType::String, Some("uuid")),
            "Ulid" if self.has("ulid") => make(PrimitiveType::String, Some("ulid")),
            "Url" if self.has("url") => make(PrimitiveType::String, Some("uri")),
            _ => None,
        }
    }

    fn number(&self, name: &str) -> Option<Primitive> {
        let strict = !self.has("non_strict_integers");
        let (ty, format) = match name {
            "i8" | "u8" | "i16" | "u16" | "u32" if strict => (PrimitiveType::Integer, Some("int32")),
            "u64" if strict => (PrimitiveType::Integer, Some("int64")),
            "i8" => (PrimitiveType::Integer, Some("int8")),
            "u8" => (PrimitiveType::Integer, Some("u-int8")),
            "i16" => (PrimitiveType::Integer, Some("int16")),
            "u16" => (PrimitiveType::Integer, Some("u-int16")),
            "u32" => (PrimitiveType::Integer, Some("u-int32")),
            "u64" => (PrimitiveType::Integer, Some("u-int64")),
            "i32" => (PrimitiveType::Integer, Some("int32")),
            "i64" => (PrimitiveType::Integer, Some("int64")),
            "i128" | "u128" | "isize" | "usize" => (PrimitiveType::Integer, None),
            "f32" => (PrimitiveType::Number, Some("float")),
            "f64" => (PrimitiveType::Number, Some("double")),
            _ => return None,
        };
        Some(Primitive { ty, format })
    }

    /// The type that stands for a primitive where a type is needed as such: `String` for `Uuid`.
    pub fn stand_in(&self, name: &str) -> Option<String> {
        let primitive = self.primitive(name)?;
        // `Duration` of jiff is no type of its own in this list.
        let own = matches!(name, "String" | "str" | "char" | "bool") || self.number(name).is_some();
        Some(match (own, primitive.ty) {
            (true, _) => name.to_owned(),
            (false, PrimitiveType::Number) => "f64".to_owned(),
            (false, _) => "String".to_owned(),
        })
    }

    /// What a name with generic arguments means.
    pub fn generic(&self, name: &str) -> Option<Generic> {
        Some(match name {
            "HashMap" | "Map" | "BTreeMap" => Generic::Map,
            "IndexMap" if self.has("indexmap") => Generic::Map,
            "Vec" => Generic::List,
            "BTreeSet" | "HashSet" => Generic::Set,
            "LinkedList" => Generic::LinkedList,
            "SmallVec" if self.has("smallvec") => Generic::SmallVec,
            "Option" => Generic::Option,
            "Cow" | "Box" | "RefCell" => Generic::Transparent,
            "Arc" | "Rc" if self.has("rc_schema") => Generic::Transparent,
            _ => return None,
        })
    }
}

/// Unsigned integers get a minimum of 0.
pub(super) fn is_unsigned(name: &str) -> bool {
    matches!(name, "u8" | "u16" | "u32" | "u64" | "u128" | "usize")
}
