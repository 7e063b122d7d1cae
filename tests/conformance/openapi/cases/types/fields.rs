//! Types that utoipa knows by feature, as fields.
use crate::stub::{BigDecimal, Decimal, Ulid, Url};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta as Other, Utc};
use indexmap::{IndexMap, IndexSet};
use smallvec::SmallVec;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(ToSchema)]
struct Part {
    id: Uuid,
}
#[derive(ToSchema)]
struct All {
    uuid: Uuid,
    uuid_path: uuid::Uuid,
    maybe_uuid: Option<Uuid>,
    uuids: Vec<Uuid>,
    at: DateTime<Utc>,
    maybe_at: Option<DateTime<Utc>>,
    ats: Vec<chrono::DateTime<chrono::FixedOffset>>,
    naive: NaiveDateTime,
    day: NaiveDate,
    time: NaiveTime,
    duration: crate::stub::Duration,
    url: Url,
    ulid: Ulid,
    decimal: Decimal,
    maybe_decimal: Option<Decimal>,
    index_map: IndexMap<String, Part>,
    small: SmallVec<[Part; 4]>,
    small_numbers: SmallVec<[u8; 4]>,
    #[schema(value_type = String)]
    other: Other,
    boxed: Box<Uuid>,
    map: std::collections::HashMap<Uuid, DateTime<Utc>>,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(All)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
