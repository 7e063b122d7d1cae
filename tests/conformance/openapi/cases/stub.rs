//! Stand-ins for types of large crates: utoipa goes by the last name of a path.
macro_rules! stand_ins {
    ($($name:ident)*) => { $(pub struct $name;)* };
}
stand_ins!(BigDecimal Date Decimal Duration OffsetDateTime PrimitiveDateTime Timestamp Ulid Url Zoned);
