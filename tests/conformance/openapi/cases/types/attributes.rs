//! Attributes on such fields, and formats that features bring.
use chrono::{DateTime, NaiveDate, Utc};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(ToSchema)]
struct All {
    #[schema(example = "00000000-0000-0000-0000-000000000000", default = "x")]
    a: Uuid,
    #[schema(format = Date)]
    b: DateTime<Utc>,
    #[schema(value_type = String, format = Uuid)]
    c: String,
    #[schema(format = Ulid)]
    d: String,
    #[schema(format = Uri)]
    e: String,
    #[schema(format = UriReference)]
    f: String,
    #[schema(format = Iri)]
    g: String,
    #[schema(format = IriReference)]
    h: String,
    /// Described
    #[schema(nullable)]
    i: NaiveDate,
    #[schema(inline)]
    j: Uuid,
    #[schema(value_type = i64)]
    k: DateTime<Utc>,
}
#[derive(ToSchema)]
struct Id(Uuid);
#[derive(ToSchema)]
struct At(#[schema(inline)] DateTime<Utc>);

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(All, Id, At)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
