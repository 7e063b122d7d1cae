//! `version = "3.2.0"` and the keywords that come with it.
use utoipa::OpenApi;

#[derive(utoipa::ToSchema)]
struct Event {
    id: i64,
}

/// A stream
#[utoipa::path(get, path = "/events", responses(
    (status = 200, description = "One by one", content_type = "text/event-stream", item_schema = Event),
    (status = 206, description = "By line", content_type = "application/jsonl", item_schema = inline(Event)),
))]
fn events() {}

#[derive(utoipa::OpenApi)]
#[openapi(version = "3.2.0", paths(events))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
