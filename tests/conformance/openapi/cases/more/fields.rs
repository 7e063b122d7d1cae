//! Types of other features, which exclude those of the first variant.
use crate::stub::{Date, Decimal, Duration, OffsetDateTime, PrimitiveDateTime, Timestamp, Zoned};
use std::rc::Rc;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(ToSchema)]
struct Part {
    id: i32,
}
#[derive(ToSchema)]
struct All {
    date: Date,
    duration: Duration,
    offset: OffsetDateTime,
    primitive: Option<PrimitiveDateTime>,
    zoned: Zoned,
    timestamp: Vec<Timestamp>,
    decimal: Decimal,
    maybe_decimal: Option<Decimal>,
    arc: Arc<Part>,
    rc: Rc<String>,
    maybe_arc: Option<Arc<Part>>,
    list: Vec<Arc<Part>>,
    arc_list: Arc<Vec<Part>>,
    arc_text: Arc<str>,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(All)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
