//! For those who run the service: liveness, readiness and figures. Public, because probes hold no keys.

use crate::App;
use crate::metrics::Gauges;
use crate::problems::{Fault, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The process answers.
#[derive(Serialize, Deserialize, ToSchema, Debug)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// Always `ok`.
    #[schema(example = "ok")]
    pub status: String,
    /// The release that runs.
    #[schema(example = "1.4.0")]
    pub release: String,
    /// Seconds since the start.
    #[schema(example = 86_400)]
    pub uptime_seconds: u64,
}

/// The service can do its work.
#[derive(Serialize, Deserialize, ToSchema, Debug)]
pub struct Readiness {
    /// Always `ready`; otherwise the answer is 503.
    #[schema(example = "ready")]
    pub status: String,
    /// The kind of database, `sqlite` or `postgres`.
    #[schema(example = "sqlite")]
    pub storage: String,
    /// The language model that answers questions.
    #[schema(example = "extract")]
    pub model: String,
}

/// The operations for operators.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_health))
        .routes(routes!(get_readiness))
        .routes(routes!(get_metrics))
}

/// Liveness
///
/// The process answers. It asks nobody else, so that a database that is down restarts no instance.
#[utoipa::path(
    get,
    path = "/health",
    operation_id = "getHealth",
    tag = "operations",
    responses((status = 200, description = "The process answers.", body = Health), Fault),
    security(()),
    extensions(("x-rate-limit" = json!(false)))
)]
async fn get_health(State(app): State<App>) -> Json<Health> {
    Json(Health {
        status: "ok".to_owned(),
        release: app.config.release.clone(),
        uptime_seconds: app.started.elapsed().as_secs(),
    })
}

/// Readiness
///
/// The database answers, so requests can be served.
#[utoipa::path(
    get,
    path = "/ready",
    operation_id = "getReadiness",
    tag = "operations",
    responses(
        (status = 200, description = "Requests can be served.", body = Readiness),
        (
            status = 503,
            description = "The database does not answer.",
            body = Problem,
            content_type = "application/problem+json",
            headers(("Retry-After" = u64, description = "Seconds until a new attempt makes sense.")),
            example = json!({
                "type": "https://search.example/problems/storage-unavailable",
                "title": "The database is unavailable",
                "status": 503,
                "detail": "the database cannot be reached",
                "code": "storage-unavailable",
                "instance": "urn:uuid:01939b2e-7a4c-7c1a-9d0e-5b8c2f1a6e34"
            })
        )
    ),
    security(()),
    extensions(("x-rate-limit" = json!(false)))
)]
async fn get_readiness(State(app): State<App>) -> Result<Json<Readiness>, Problem> {
    app.storage(app.storage.ping()).await?;
    Ok(Json(Readiness {
        status: "ready".to_owned(),
        storage: app.storage.kind().to_owned(),
        model: app.model.name().to_owned(),
    }))
}

/// Figures for Prometheus
///
/// Counters, gauges and histograms in the text format of Prometheus.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "getMetrics",
    tag = "operations",
    responses(
        (
            status = 200,
            description = "The figures.",
            body = String,
            content_type = "text/plain; version=0.0.4",
            example = json!("# HELP search_requests_total Searches.\n# TYPE search_requests_total counter\nsearch_requests_total 17\n")
        ),
        Fault
    ),
    security(()),
    extensions(("x-rate-limit" = json!(false)))
)]
async fn get_metrics(State(app): State<App>) -> impl IntoResponse {
    let gauges = Gauges {
        pool: app.storage.pool(),
        // Figures must be read most of all while the database is down.
        size: app.storage.size().await.ok(),
        release: app.config.release.clone(),
    };
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.render(&gauges))
}
