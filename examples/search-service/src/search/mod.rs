//! Full-text search and suggestions.

pub mod cache;
pub mod query;
pub mod snippet;

use crate::App;
use crate::auth::{Gate, gate};
use crate::config::Role;
use crate::documents::{first_page, page_length, slice};
use crate::extract::Parameters;
use crate::limits;
use crate::problems::{AccessProblems, FieldError, InvalidRequest, Problem};
use crate::storage::{Filter, Order, Search};
use axum::Json;
use axum::extract::State;
use axum::middleware::from_fn_with_state;
use chrono::{DateTime, Utc};
use query::{Match, Terms};
use serde::{Deserialize, Serialize};
use snippet::{Snippet, snippet};
use std::sync::Arc;
use std::time::Instant;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How hits are ordered.
#[derive(Serialize, Deserialize, ToSchema, Debug, Clone, Copy, PartialEq, Eq, Default)]
#[serde(rename_all = "camelCase")]
pub enum Sort {
    /// Best first.
    #[default]
    Relevance,
    /// Last written first.
    Newest,
}

/// What to search for.
#[derive(Deserialize, IntoParams, Debug)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SearchParameters {
    /// The words. All must occur; `"several words"` must stand together, `-word` must not occur.
    #[param(example = "database", min_length = 1, max_length = 500)]
    pub q: String,
    /// Only documents of this category.
    #[param(example = "databases")]
    pub category: Option<String>,
    /// Only documents with this tag.
    #[param(example = "postgresql")]
    pub tag: Option<String>,
    /// Only documents in this language, ISO 639-1.
    #[param(example = "en")]
    pub language: Option<String>,
    /// Only documents written at this time or later.
    #[param(example = "2026-01-01T00:00:00Z")]
    pub updated_from: Option<DateTime<Utc>>,
    /// Only documents written before this time.
    #[param(example = "2030-01-01T00:00:00Z")]
    pub updated_before: Option<DateTime<Utc>>,
    /// The order of hits; without it, `relevance`.
    #[serde(default)]
    #[param(inline, example = "relevance")]
    pub sort: Sort,
    /// Whether to count the values of category, language and tag over all hits.
    #[serde(default)]
    #[param(default = false, example = true)]
    pub facets: bool,
    /// The page, from 1.
    #[serde(default = "first_page")]
    #[param(default = 1, minimum = 1, maximum = 10_000, example = 1)]
    pub page: u32,
    /// The most hits on a page.
    #[serde(default = "page_length")]
    #[param(default = 20, minimum = 1, maximum = 100, example = 10)]
    pub per_page: u32,
}

/// A document that was found.
#[derive(Serialize, Deserialize, ToSchema, Debug, Clone)]
#[serde(rename_all = "camelCase")]
pub struct Hit {
    /// The document's identifier.
    #[schema(example = "connection-pools")]
    pub id: String,
    /// Its title.
    #[schema(example = "Connection pools")]
    pub title: String,
    /// Its category.
    #[schema(example = "databases")]
    pub category: String,
    /// Its language, ISO 639-1.
    #[schema(example = "en")]
    pub language: String,
    /// Its tags.
    #[schema(example = json!(["performance", "postgresql"]))]
    pub tags: Vec<String>,
    /// When it was last written.
    #[schema(example = "2026-03-02T16:30:00Z")]
    pub updated_at: DateTime<Utc>,
    /// How well it fits; larger is better. Comparable within one answer only.
    #[schema(example = 1.25)]
    pub score: f64,
    /// The part of the text around the first match.
    pub snippet: Snippet,
}

/// How many hits have a value.
#[derive(Serialize, Deserialize, ToSchema, Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// The value.
    #[schema(example = "databases")]
    pub value: String,
    /// Hits on all pages that have it.
    #[schema(example = 4)]
    pub count: u64,
}

/// The values of all hits, most frequent first.
#[derive(Serialize, Deserialize, ToSchema, Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// By category.
    pub category: Vec<FacetValue>,
    /// By language.
    pub language: Vec<FacetValue>,
    /// By tag.
    pub tag: Vec<FacetValue>,
}

/// A page of hits.
#[derive(Serialize, Deserialize, ToSchema, Debug, Clone, Default)]
#[serde(rename_all = "camelCase")]
pub struct SearchResults {
    /// Hits on all pages.
    #[schema(example = 1)]
    pub total: u64,
    /// This page, from 1.
    #[schema(example = 1, minimum = 1)]
    pub page: u32,
    /// The most hits on a page.
    #[schema(example = 10, minimum = 1, maximum = 100)]
    pub per_page: u32,
    /// The hits of this page.
    pub hits: Vec<Hit>,
    /// Only where `facets` was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<Facets>,
}

/// What somebody began to type.
#[derive(Deserialize, IntoParams, Debug)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SuggestionParameters {
    /// The beginning of a word.
    #[param(example = "conn", min_length = 1, max_length = 100)]
    pub prefix: String,
    /// The most suggestions.
    #[serde(default = "suggestions")]
    #[param(default = 5, minimum = 1, maximum = 20, example = 5)]
    pub limit: u32,
}

fn suggestions() -> u32 {
    5
}

/// A title that fits.
#[derive(Serialize, Deserialize, ToSchema, Debug)]
pub struct Suggestion {
    /// The document's title.
    #[schema(example = "Connection pools")]
    pub title: String,
    /// The document's identifier.
    #[schema(example = "connection-pools")]
    pub id: String,
}

/// Titles that fit, in alphabetical order.
#[derive(Serialize, Deserialize, ToSchema, Debug)]
pub struct Suggestions {
    /// The titles.
    pub suggestions: Vec<Suggestion>,
}

/// The operations of search.
pub fn router(app: &App) -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search_documents)).routes(routes!(suggest_titles)).route_layer(
        from_fn_with_state((app.clone(), Gate { role: Role::Reader, policy: &limits::SEARCH }), gate),
    )
}

/// Searches documents
///
/// Finds documents that hold all the words, best first. Words in titles weigh more. Upper and lower case are the
/// same; words are compared whole.
#[utoipa::path(
    get,
    path = "/search",
    operation_id = "searchDocuments",
    tag = "search",
    params(SearchParameters),
    responses(
        (
            status = 200,
            description = "A page of hits.",
            body = SearchResults,
            headers(
                ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
                ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
            )
        ),
        InvalidRequest,
        AccessProblems
    ),
    security(("api_key" = []), ("bearer" = [])),
    extensions(("x-rate-limit" = json!({"policy": "search", "requests": 300, "window": 60, "per": "caller"})))
)]
async fn search_documents(
    State(app): State<App>,
    Parameters(parameters): Parameters<SearchParameters>,
) -> Result<Json<SearchResults>, Problem> {
    let slice = slice(parameters.page, parameters.per_page)?;
    let search = Search {
        terms: terms(&parameters.q)?,
        matching: Match::All,
        filter: Filter {
            category: parameters.category,
            tag: parameters.tag,
            language: parameters.language,
            updated_from: parameters.updated_from,
            updated_before: parameters.updated_before,
        },
        order: match parameters.sort {
            Sort::Relevance => Order::Relevance,
            Sort::Newest => Order::Newest,
        },
        slice,
        facets: parameters.facets,
    };
    let key = format!("{search:?}");
    let results = match app.cache.get(&key, Instant::now()) {
        Ok(results) => {
            app.metrics.cache(true);
            results
        }
        Err(writes) => {
            app.metrics.cache(false);
            let found = app.storage(app.storage.search(&search)).await?;
            let hits = found.hits.into_iter().map(|(document, score)| Hit {
                snippet: snippet(&document.body, search.terms.words()),
                id: document.id,
                title: document.title,
                category: document.category,
                language: document.language,
                tags: document.tags,
                updated_at: document.updated_at,
                score,
            });
            let results = Arc::new(SearchResults {
                total: found.total,
                page: parameters.page,
                per_page: parameters.per_page,
                hits: hits.collect(),
                facets: parameters.facets.then(|| Facets::from_rows(found.facets)),
            });
            app.cache.keep(key, results.clone(), writes, Instant::now());
            results
        }
    };
    app.metrics.search(results.total);
    Ok(Json(SearchResults::clone(&results)))
}

/// Suggests titles
///
/// Titles with a word that begins as given, for a search box.
#[utoipa::path(
    get,
    path = "/suggestions",
    operation_id = "suggestTitles",
    tag = "search",
    params(SuggestionParameters),
    responses(
        (
            status = 200,
            description = "Titles that fit; none is an answer, too.",
            body = Suggestions,
            headers(
                ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
                ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
            )
        ),
        InvalidRequest,
        AccessProblems
    ),
    security(("api_key" = []), ("bearer" = [])),
    extensions(("x-rate-limit" = json!({"policy": "search", "requests": 300, "window": 60, "per": "caller"})))
)]
async fn suggest_titles(
    State(app): State<App>,
    Parameters(parameters): Parameters<SuggestionParameters>,
) -> Result<Json<Suggestions>, Problem> {
    let invalid = |field: &str, detail: &str| {
        Problem::invalid(vec![FieldError { field: field.to_owned(), detail: detail.to_owned() }])
    };
    if !(1..=20).contains(&parameters.limit) {
        return Err(invalid("limit", "must be between 1 and 20"));
    }
    if parameters.prefix.chars().count() > 100 {
        return Err(invalid("prefix", "must have at most 100 characters"));
    }
    let words = query::words(&parameters.prefix);
    let [word] = words.as_slice() else {
        return Err(invalid("prefix", "must be the beginning of one word"));
    };
    let found = app.storage(app.storage.suggest(word, parameters.limit)).await?;
    let suggestions = found.into_iter().map(|(id, title)| Suggestion { title, id }).collect();
    Ok(Json(Suggestions { suggestions }))
}

fn terms(text: &str) -> Result<Terms, Problem> {
    let terms = Terms::parse(text);
    let detail = if text.chars().count() > 500 {
        "must have at most 500 characters"
    } else if terms.wanted.is_empty() {
        "must hold a word to search for"
    } else {
        return Ok(terms);
    };
    Err(Problem::invalid(vec![FieldError { field: "q".to_owned(), detail: detail.to_owned() }]))
}

impl Facets {
    fn from_rows(rows: Vec<(String, String, u64)>) -> Self {
        let mut facets = Self::default();
        for (facet, value, count) in rows {
            let values = match facet.as_str() {
                "category" => &mut facets.category,
                "language" => &mut facets.language,
                _ => &mut facets.tag,
            };
            values.push(FacetValue { value, count });
        }
        facets
    }
}
