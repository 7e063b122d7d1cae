//! Full-text search over documents, with facets, suggestions and answers from a language model.
//!
//! [`router`] is the whole service; `main.rs` gives it a socket.

pub mod answers;
pub mod auth;
pub mod config;
pub mod documents;
pub mod extract;
pub mod health;
pub mod limits;
pub mod metrics;
pub mod problems;
pub mod search;
pub mod storage;

use answers::http::HttpModel;
use answers::{Extract, LanguageModel};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use config::Config;
use limits::Limiter;
use metrics::Metrics;
use problems::{ErrorCode, FieldError, Problem};
use search::cache::Cache;
use std::future::Future;
use std::sync::Arc;
use std::time::Instant;
use storage::{PoolConfig, Storage, StorageError};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

/// What every handler can reach.
pub type App = Arc<State>;

/// The parts of the running service.
pub struct State {
    /// The settings.
    pub config: Config,
    /// The documents.
    pub storage: Storage,
    /// The language model.
    pub model: Box<dyn LanguageModel>,
    /// Search results of the last seconds.
    pub cache: Cache,
    /// Counts requests of callers.
    pub limiter: Limiter,
    /// Counts everything else.
    pub metrics: Metrics,
    /// When the service started.
    pub started: Instant,
}

impl State {
    /// Connects to the database, and fills it where it is empty and the settings say so.
    ///
    /// # Errors
    ///
    /// The database cannot be reached.
    pub async fn start(config: Config) -> Result<App, StorageError> {
        let pool = PoolConfig { size: config.pool_size, timeout: config.pool_timeout };
        let storage = Storage::connect(&config.database_url, pool).await?;
        if config.seed {
            documents::seed::fill(&storage).await?;
        }
        let model: Box<dyn LanguageModel> = match &config.model {
            Some(model) => Box::new(HttpModel::new(model.clone())),
            None => Box::new(Extract),
        };
        Ok(Arc::new(Self {
            cache: Cache::new(config.cache_entries),
            config,
            storage,
            model,
            limiter: Limiter::default(),
            metrics: Metrics::default(),
            started: Instant::now(),
        }))
    }

    /// Waits for the database, and counts a request that found no free connection.
    async fn storage<T>(&self, work: impl Future<Output = Result<T, StorageError>>) -> Result<T, Problem> {
        let result = work.await;
        if matches!(result, Err(StorageError::Busy(_))) {
            self.metrics.pool_timeout();
        }
        Ok(result?)
    }
}

/// The document's own parts; those of the operations come from the routers.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Search service",
        description = "Full-text search over documents, with facets, suggestions and answers from a language model.\n\nEvery operation below `/v1` asks for an API key or a bearer token, counts against a rate limit, and answers errors with problem details (RFC 9457).",
        contact(name = "Search team", url = "https://github.com/oathbook/oathbook/tree/main/examples/search-service"),
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    servers((url = "http://127.0.0.1:8080", description = "Your own machine, after `cargo run`.")),
    tags(
        (name = "documents", description = "Documents in and out. Reading needs the role reader, writing the role writer."),
        (name = "search", description = "Full-text search, and titles for a search box."),
        (name = "answers", description = "Answers from a language model, with their sources."),
        (name = "operations", description = "Liveness, readiness and figures. They ask for no credentials and have no rate limit.")
    ),
    components(schemas(Problem, ErrorCode, FieldError)),
    modifiers(&Credentials)
)]
pub struct Api;

/// Adds the two ways to authenticate.
struct Credentials;

impl Modify for Credentials {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_with(Default::default);
        components.add_security_scheme(
            "api_key",
            SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
                "X-API-Key",
                "The key of a program; its role is reader or writer.",
            ))),
        );
        components.add_security_scheme(
            "bearer",
            SecurityScheme::Http(
                Http::builder()
                    .scheme(HttpAuthScheme::Bearer)
                    .description(Some("The token of an application; its role is reader or writer."))
                    .build(),
            ),
        );
    }
}

/// All operations with their document.
pub fn api(app: &App) -> OpenApiRouter<App> {
    let v1 = OpenApiRouter::new()
        .merge(documents::router(app))
        .merge(search::router(app))
        .merge(answers::router(app));
    OpenApiRouter::with_openapi(Api::openapi()).merge(health::router()).nest("/v1", v1)
}

/// The service.
pub fn router(app: App) -> Router {
    let (router, _) = api(&app).split_for_parts();
    router
        .fallback(async || Problem::new(ErrorCode::RouteNotFound, "there is nothing at this address"))
        .method_not_allowed_fallback(async || {
            Problem::new(ErrorCode::MethodNotAllowed, "the address does not answer this method")
        })
        .layer(DefaultBodyLimit::max(1 << 20))
        .layer(from_fn(problems::catch_panic))
        .layer(from_fn_with_state(app.clone(), metrics::measure))
        .with_state(app)
}
