//! Documents in and out.

mod input;
pub mod seed;

pub use input::{DocumentContent, NewDocument};

use crate::App;
use crate::auth::{Gate, gate};
use crate::config::Role;
use crate::extract::{Body, Parameters};
use crate::limits;
use crate::problems::{AccessProblems, BodyProblems, ErrorCode, FieldError, InvalidRequest, Problem};
use crate::storage::{Filter, Slice};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use chrono::{DateTime, SubsecRound as _, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A document as it is stored.
#[derive(Serialize, Deserialize, ToSchema, Debug, Clone, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "id": "connection-pools",
    "title": "Connection pools",
    "body": "A pool keeps connections to the database open, so that a request need not wait for a new one.",
    "category": "databases",
    "language": "en",
    "tags": ["postgresql", "performance"],
    "createdAt": "2026-01-05T08:00:00Z",
    "updatedAt": "2026-03-02T16:30:00Z"
}))]
pub struct Document {
    /// Identifies the document, forever.
    #[schema(example = "connection-pools", pattern = "^[a-z0-9][a-z0-9-]*$", max_length = 64)]
    pub id: String,
    /// The title; words in it weigh more than words in the body.
    #[schema(example = "Connection pools", min_length = 1, max_length = 200)]
    pub title: String,
    /// The text, plain.
    #[schema(example = "A pool keeps connections open.", min_length = 1, max_length = 100_000)]
    pub body: String,
    /// The one category it belongs to.
    #[schema(example = "databases", pattern = "^[a-z0-9][a-z0-9-]*$", max_length = 64)]
    pub category: String,
    /// The language of the text, ISO 639-1.
    #[schema(example = "en", pattern = "^[a-z]{2}$")]
    pub language: String,
    /// What it is about, sorted, each tag once.
    #[schema(example = json!(["postgresql", "performance"]), max_items = 16)]
    pub tags: Vec<String>,
    /// When it was first written.
    #[schema(example = "2026-01-05T08:00:00Z")]
    pub created_at: DateTime<Utc>,
    /// When it was last written.
    #[schema(example = "2026-03-02T16:30:00Z")]
    pub updated_at: DateTime<Utc>,
}

/// A page of documents.
#[derive(Serialize, Deserialize, ToSchema, Debug)]
#[serde(rename_all = "camelCase")]
pub struct DocumentList {
    /// Documents on all pages.
    #[schema(example = 1)]
    pub total: u64,
    /// This page, from 1.
    #[schema(example = 1, minimum = 1)]
    pub page: u32,
    /// The most documents on a page.
    #[schema(example = 20, minimum = 1, maximum = 100)]
    pub per_page: u32,
    /// The documents of this page, by identifier.
    pub documents: Vec<Document>,
}

/// Which documents to list.
#[derive(Deserialize, IntoParams, Debug)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListParameters {
    /// Only documents of this category.
    #[param(example = "databases")]
    pub category: Option<String>,
    /// Only documents with this tag.
    #[param(example = "postgresql")]
    pub tag: Option<String>,
    /// Only documents in this language, ISO 639-1.
    #[param(example = "en")]
    pub language: Option<String>,
    /// The page, from 1.
    #[serde(default = "first_page")]
    #[param(default = 1, minimum = 1, maximum = 10_000, example = 1)]
    pub page: u32,
    /// The most documents on a page.
    #[serde(default = "page_length")]
    #[param(default = 20, minimum = 1, maximum = 100, example = 20)]
    pub per_page: u32,
}

/// The default of `page`.
pub fn first_page() -> u32 {
    1
}

/// The default of `perPage`.
pub fn page_length() -> u32 {
    20
}

/// The entries of a page.
pub fn slice(page: u32, per_page: u32) -> Result<Slice, Problem> {
    let mut errors = Vec::new();
    if !(1..=10_000).contains(&page) {
        errors.push(FieldError { field: "page".into(), detail: "must be between 1 and 10000".into() });
    }
    if !(1..=100).contains(&per_page) {
        errors.push(FieldError { field: "perPage".into(), detail: "must be between 1 and 100".into() });
    }
    if errors.is_empty() {
        Ok(Slice { limit: per_page, offset: u64::from(page - 1) * u64::from(per_page) })
    } else {
        Err(Problem::invalid(errors))
    }
}

/// One step of a bulk request.
#[derive(Serialize, Deserialize, ToSchema, Debug)]
#[serde(tag = "action", rename_all = "camelCase")]
pub enum BulkStep {
    /// Writes a document, whether or not it is there.
    Put(NewDocument),
    /// Removes a document.
    Delete {
        /// The document's identifier.
        #[schema(example = "old-notes")]
        id: String,
    },
}

/// Steps that are taken one after the other, each on its own.
#[derive(Serialize, Deserialize, ToSchema, Debug)]
#[schema(example = json!({"steps": [
    {"action": "put", "id": "bulk-loading", "title": "Bulk loading", "body": "Many documents in one request.",
     "category": "operations", "language": "en", "tags": ["import"]},
    {"action": "delete", "id": "old-notes"}
]}))]
pub struct BulkRequest {
    /// At most 500 steps.
    #[schema(min_items = 1, max_items = 500)]
    pub steps: Vec<BulkStep>,
}

/// What a step of a bulk request did.
#[derive(Serialize, Deserialize, ToSchema, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum BulkOutcome {
    /// The document is new.
    Created,
    /// The document was there and has new content.
    Replaced,
    /// The document is gone.
    Deleted,
    /// Nothing changed; `problem` says why.
    Failed,
}

/// The result of one step.
#[derive(Serialize, Deserialize, ToSchema, Debug)]
pub struct BulkResult {
    /// The document's identifier; the service made it up where the step had none.
    #[schema(example = "bulk-loading")]
    pub id: String,
    /// What was done.
    #[schema(example = "created")]
    pub outcome: BulkOutcome,
    /// Why nothing was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// The results of a bulk request.
#[derive(Serialize, Deserialize, ToSchema, Debug)]
pub struct BulkResponse {
    /// Steps that changed something.
    #[schema(example = 2)]
    pub succeeded: u64,
    /// Steps that changed nothing.
    #[schema(example = 0)]
    pub failed: u64,
    /// One result for each step, in the same order.
    pub results: Vec<BulkResult>,
}

/// The operations on documents.
pub fn router(app: &App) -> OpenApiRouter<App> {
    let read =
        OpenApiRouter::new().routes(routes!(list_documents)).routes(routes!(get_document)).route_layer(
            from_fn_with_state((app.clone(), Gate { role: Role::Reader, policy: &limits::READ }), gate),
        );
    let write = OpenApiRouter::new()
        .routes(routes!(create_document))
        .routes(routes!(replace_document, delete_document))
        .routes(routes!(bulk_documents))
        .route_layer(from_fn_with_state(
            (app.clone(), Gate { role: Role::Writer, policy: &limits::WRITE }),
            gate,
        ));
    read.merge(write)
}

/// Lists documents
///
/// Documents by identifier, a page at a time, with filters on category, tag and language.
#[utoipa::path(
    get,
    path = "/documents",
    operation_id = "listDocuments",
    tag = "documents",
    params(ListParameters),
    responses(
        (
            status = 200,
            description = "A page of documents.",
            body = DocumentList,
            headers(
                ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
                ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
            )
        ),
        InvalidRequest,
        AccessProblems
    ),
    security(("api_key" = []), ("bearer" = [])),
    extensions(("x-rate-limit" = json!({"policy": "read", "requests": 600, "window": 60, "per": "caller"})))
)]
async fn list_documents(
    State(app): State<App>,
    Parameters(parameters): Parameters<ListParameters>,
) -> Result<Json<DocumentList>, Problem> {
    let slice = slice(parameters.page, parameters.per_page)?;
    let filter = Filter {
        category: parameters.category,
        tag: parameters.tag,
        language: parameters.language,
        ..Filter::default()
    };
    let (total, documents) = app.storage(app.storage.list(&filter, slice)).await?;
    Ok(Json(DocumentList { total, page: parameters.page, per_page: parameters.per_page, documents }))
}

/// Reads a document
///
/// The whole document with its text.
#[utoipa::path(
    get,
    path = "/documents/{id}",
    operation_id = "getDocument",
    tag = "documents",
    params(("id" = String, Path, description = "The document's identifier.", example = "connection-pools")),
    responses(
        (
            status = 200,
            description = "The document.",
            body = Document,
            headers(
                ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
                ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
            )
        ),
        (
            status = 404,
            description = "There is no document with this identifier.",
            body = Problem,
            content_type = "application/problem+json",
            headers(
                ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
                ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
            )
        ),
        AccessProblems
    ),
    security(("api_key" = []), ("bearer" = [])),
    extensions(("x-rate-limit" = json!({"policy": "read", "requests": 600, "window": 60, "per": "caller"})))
)]
async fn get_document(State(app): State<App>, Path(id): Path<String>) -> Result<Json<Document>, Problem> {
    match app.storage(app.storage.get(&id)).await? {
        Some(document) => Ok(Json(document)),
        None => Err(not_found(&id)),
    }
}

/// Creates a document
///
/// Stores a new document. Without an identifier the service makes one up. A document that is there already stays.
#[utoipa::path(
    post,
    path = "/documents",
    operation_id = "createDocument",
    tag = "documents",
    request_body(content = NewDocument, description = "The document.", content_type = "application/json"),
    responses(
        (
            status = 201,
            description = "The document was stored.",
            body = Document,
            headers(
                ("Location" = String, description = "Where the document can be read."),
                ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
                ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
            )
        ),
        (
            status = 409,
            description = "A document with this identifier is there already.",
            body = Problem,
            content_type = "application/problem+json",
            headers(
                ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
                ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
            ),
            example = json!({
                "type": "https://search.example/problems/document-exists",
                "title": "The document exists",
                "status": 409,
                "detail": "there is a document `release-notes`",
                "code": "document-exists"
            })
        ),
        InvalidRequest,
        BodyProblems,
        AccessProblems
    ),
    security(("api_key" = []), ("bearer" = [])),
    extensions(("x-rate-limit" = json!({"policy": "write", "requests": 120, "window": 60, "per": "caller"})))
)]
async fn create_document(
    State(app): State<App>,
    Body(new): Body<NewDocument>,
) -> Result<impl IntoResponse, Problem> {
    let document = new.into_document(now())?;
    if app.storage(app.storage.put(&document, false)).await? {
        return Err(Problem::new(
            ErrorCode::DocumentExists,
            format!("there is a document `{}`", document.id),
        ));
    }
    app.cache.clear();
    let location = format!("/v1/documents/{}", document.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(document)))
}

/// Writes a document
///
/// Stores the content under this identifier, whether or not a document is there.
#[utoipa::path(
    put,
    path = "/documents/{id}",
    operation_id = "replaceDocument",
    tag = "documents",
    params(("id" = String, Path, description = "The document's identifier.", example = "style-guide")),
    request_body(content = DocumentContent, description = "The content.", content_type = "application/json"),
    responses(
        (
            status = 200,
            description = "The document was there and has new content.",
            body = Document,
            headers(
                ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
                ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
            )
        ),
        (
            status = 201,
            description = "The document is new.",
            body = Document,
            headers(
                ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
                ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
            )
        ),
        InvalidRequest,
        BodyProblems,
        AccessProblems
    ),
    security(("api_key" = []), ("bearer" = [])),
    extensions(("x-rate-limit" = json!({"policy": "write", "requests": 120, "window": 60, "per": "caller"})))
)]
async fn replace_document(
    State(app): State<App>,
    Path(id): Path<String>,
    Body(content): Body<DocumentContent>,
) -> Result<(StatusCode, Json<Document>), Problem> {
    let mut document = content.with_id(id).into_document(now())?;
    let replaced = app.storage(app.storage.put(&document, true)).await?;
    app.cache.clear();
    if !replaced {
        return Ok((StatusCode::CREATED, Json(document)));
    }
    if let Some(stored) = app.storage(app.storage.get(&document.id)).await? {
        document = stored;
    }
    Ok((StatusCode::OK, Json(document)))
}

/// Removes a document
///
/// The document is gone from search at once.
#[utoipa::path(
    delete,
    path = "/documents/{id}",
    operation_id = "deleteDocument",
    tag = "documents",
    params(("id" = String, Path, description = "The document's identifier.", example = "scratch-note")),
    responses(
        (
            status = 204,
            description = "The document is gone.",
            headers(
                ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
                ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
            )
        ),
        (
            status = 404,
            description = "There is no document with this identifier.",
            body = Problem,
            content_type = "application/problem+json",
            headers(
                ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
                ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
            )
        ),
        AccessProblems
    ),
    security(("api_key" = []), ("bearer" = [])),
    extensions(("x-rate-limit" = json!({"policy": "write", "requests": 120, "window": 60, "per": "caller"})))
)]
async fn delete_document(State(app): State<App>, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    if !app.storage(app.storage.delete(&id)).await? {
        return Err(not_found(&id));
    }
    app.cache.clear();
    Ok(StatusCode::NO_CONTENT)
}

/// Writes and removes many documents
///
/// Takes at most 500 steps, one after the other. A step that fails leaves the others untouched, so the answer is 200
/// also when all of them failed: read `failed`.
#[utoipa::path(
    post,
    path = "/documents/bulk",
    operation_id = "bulkDocuments",
    tag = "documents",
    request_body(content = BulkRequest, description = "The steps.", content_type = "application/json"),
    responses(
        (
            status = 200,
            description = "What each step did.",
            body = BulkResponse,
            headers(
                ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
                ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
            ),
            example = json!({
                "succeeded": 1,
                "failed": 1,
                "results": [
                    {"id": "bulk-loading", "outcome": "created"},
                    {"id": "old-notes", "outcome": "failed", "problem": {
                        "type": "https://search.example/problems/document-not-found",
                        "title": "There is no such document",
                        "status": 404,
                        "detail": "there is no document `old-notes`",
                        "code": "document-not-found"
                    }}
                ]
            })
        ),
        InvalidRequest,
        BodyProblems,
        AccessProblems
    ),
    security(("api_key" = []), ("bearer" = [])),
    extensions(("x-rate-limit" = json!({"policy": "write", "requests": 120, "window": 60, "per": "caller"})))
)]
async fn bulk_documents(
    State(app): State<App>,
    Body(request): Body<BulkRequest>,
) -> Result<Json<BulkResponse>, Problem> {
    if !(1..=500).contains(&request.steps.len()) {
        let detail = "must hold between 1 and 500 steps".to_owned();
        return Err(Problem::invalid(vec![FieldError { field: "/steps".into(), detail }]));
    }
    let mut response = BulkResponse { succeeded: 0, failed: 0, results: Vec::new() };
    for step in request.steps {
        let (id, outcome) = take(&app, step).await;
        let (outcome, problem) = match outcome {
            Ok(outcome) => (outcome, None),
            Err(problem) => (BulkOutcome::Failed, Some(problem)),
        };
        *if problem.is_none() { &mut response.succeeded } else { &mut response.failed } += 1;
        response.results.push(BulkResult { id, outcome, problem });
    }
    app.cache.clear();
    Ok(Json(response))
}

async fn take(app: &App, step: BulkStep) -> (String, Result<BulkOutcome, Problem>) {
    match step {
        BulkStep::Put(new) => {
            let id = new.id.clone().unwrap_or_default();
            match new.into_document(now()) {
                Err(problem) => (id, Err(problem)),
                Ok(document) => {
                    let outcome = app.storage(app.storage.put(&document, true)).await;
                    let named =
                        |replaced| if replaced { BulkOutcome::Replaced } else { BulkOutcome::Created };
                    (document.id, outcome.map(named))
                }
            }
        }
        BulkStep::Delete { id } => {
            let outcome = match app.storage(app.storage.delete(&id)).await {
                Ok(true) => Ok(BulkOutcome::Deleted),
                Ok(false) => Err(not_found(&id)),
                Err(problem) => Err(problem),
            };
            (id, outcome)
        }
    }
}

fn not_found(id: &str) -> Problem {
    Problem::new(ErrorCode::DocumentNotFound, format!("there is no document `{id}`"))
}

/// The time of writing. Both databases keep microseconds.
fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}
