//! Answers to questions, from a language model that is given the best documents.

mod builtin;
pub mod http;

pub use builtin::Extract;

use crate::App;
use crate::auth::{Gate, gate};
use crate::config::Role;
use crate::documents::Document;
use crate::extract::Body;
use crate::limits;
use crate::problems::{AccessProblems, BodyProblems, ErrorCode, FieldError, InvalidRequest, Problem};
use crate::search::query::{Match, Terms};
use crate::search::snippet::{Snippet, snippet};
use crate::storage::{Filter, Order, Search, Slice};
use axum::Json;
use axum::extract::State;
use axum::middleware::from_fn_with_state;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Instant;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What a language model is asked.
#[derive(Debug)]
pub struct Prompt<'a> {
    /// The question.
    pub question: &'a str,
    /// The documents to answer from, best first.
    pub sources: &'a [Document],
}

/// Why there is no answer.
#[derive(Debug)]
pub enum ModelError {
    /// The model did not answer in time.
    TimedOut,
    /// The model cannot be reached or answered with an error.
    Failed(String),
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut => f.write_str("no answer in time"),
            Self::Failed(cause) => f.write_str(cause),
        }
    }
}

/// A language model.
pub trait LanguageModel: Send + Sync {
    /// The name that callers see.
    fn name(&self) -> &str;

    /// Answers a question from the sources; nothing, if they do not hold the answer.
    fn answer<'a>(
        &'a self,
        prompt: Prompt<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Option<String>, ModelError>> + Send + 'a>>;
}

/// A question.
#[derive(Serialize, Deserialize, ToSchema, Debug)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"question": "Why does a pool need a limit?", "category": "databases", "maxSources": 3}))]
pub struct Question {
    /// The question in plain words.
    #[schema(example = "Why does a pool need a limit?", min_length = 1, max_length = 500)]
    pub question: String,
    /// Only documents of this category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "databases")]
    pub category: Option<String>,
    /// Only documents in this language, ISO 639-1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "en")]
    pub language: Option<String>,
    /// The most documents that the model is given.
    #[serde(default = "sources")]
    #[schema(default = 3, minimum = 1, maximum = 10, example = 3)]
    pub max_sources: u32,
}

fn sources() -> u32 {
    3
}

/// A document that the model was given.
#[derive(Serialize, Deserialize, ToSchema, Debug)]
pub struct Source {
    /// The document's identifier.
    #[schema(example = "connection-pools")]
    pub id: String,
    /// Its title.
    #[schema(example = "Connection pools")]
    pub title: String,
    /// The part of the text around the first word of the question.
    pub snippet: Snippet,
}

/// An answer and what it rests on.
#[derive(Serialize, Deserialize, ToSchema, Debug)]
pub struct Answer {
    /// The answer; null where the documents do not hold one.
    #[schema(required, example = "When every connection is in use, requests wait in line.")]
    pub answer: Option<String>,
    /// The model that was asked.
    #[schema(example = "extract")]
    pub model: String,
    /// The documents that the model was given, best first.
    pub sources: Vec<Source>,
}

/// The operation of answers.
pub fn router(app: &App) -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(answer_question)).route_layer(from_fn_with_state(
        (app.clone(), Gate { role: Role::Reader, policy: &limits::ANSWERS }),
        gate,
    ))
}

/// Answers a question
///
/// Searches for the words of the question, gives the best documents to a language model and returns its answer with
/// the documents that it had. The answer is null where the documents do not hold one.
#[utoipa::path(
    post,
    path = "/answers",
    operation_id = "answerQuestion",
    tag = "answers",
    request_body(content = Question, description = "The question.", content_type = "application/json"),
    responses(
        (
            status = 200,
            description = "The answer, or null.",
            body = Answer,
            headers(
                ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
                ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
            )
        ),
        (
            status = 502,
            description = "The language model answered with an error.",
            body = Problem,
            content_type = "application/problem+json",
            headers(
                ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
                ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
            ),
            example = json!({
                "type": "https://search.example/problems/model-failed",
                "title": "The language model failed",
                "status": 502,
                "detail": "the language model answered with an error",
                "code": "model-failed",
                "instance": "urn:uuid:01939b2e-7a4c-7c1a-9d0e-5b8c2f1a6e32"
            })
        ),
        (
            status = 504,
            description = "The language model did not answer in time.",
            body = Problem,
            content_type = "application/problem+json",
            headers(
                ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
                ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
            ),
            example = json!({
                "type": "https://search.example/problems/model-timed-out",
                "title": "The language model took too long",
                "status": 504,
                "detail": "the language model did not answer in time",
                "code": "model-timed-out",
                "instance": "urn:uuid:01939b2e-7a4c-7c1a-9d0e-5b8c2f1a6e33"
            })
        ),
        InvalidRequest,
        BodyProblems,
        AccessProblems
    ),
    security(("api_key" = []), ("bearer" = [])),
    extensions(("x-rate-limit" = json!({"policy": "answers", "requests": 20, "window": 60, "per": "caller"})))
)]
async fn answer_question(
    State(app): State<App>,
    Body(question): Body<Question>,
) -> Result<Json<Answer>, Problem> {
    let terms = valid(&question)?;
    let search = Search {
        terms,
        matching: Match::Any,
        filter: Filter { category: question.category, language: question.language, ..Filter::default() },
        order: Order::Relevance,
        slice: Slice { limit: question.max_sources, offset: 0 },
        facets: false,
    };
    let found = app.storage(app.storage.search(&search)).await?;
    let documents: Vec<Document> = found.hits.into_iter().map(|(document, _)| document).collect();
    // Without a source there is nothing to answer from, and no reason to pay for a call.
    let answer = if documents.is_empty() { None } else { ask(&app, &question.question, &documents).await? };
    let sources = documents.into_iter().map(|document| Source {
        snippet: snippet(&document.body, search.terms.words().filter(|word| builtin::is_significant(word))),
        id: document.id,
        title: document.title,
    });
    Ok(Json(Answer { answer, model: app.model.name().to_owned(), sources: sources.collect() }))
}

fn valid(question: &Question) -> Result<Terms, Problem> {
    let mut errors = Vec::new();
    let mut terms = Terms::parse(&question.question);
    // A question is no search: signs in it mean nothing.
    terms.wanted.append(&mut terms.unwanted);
    if terms.wanted.is_empty() || question.question.chars().count() > 500 {
        let detail = "must have 1 to 500 characters and hold a word".to_owned();
        errors.push(FieldError { field: "/question".into(), detail });
    }
    if !(1..=10).contains(&question.max_sources) {
        errors.push(FieldError { field: "/maxSources".into(), detail: "must be between 1 and 10".into() });
    }
    if errors.is_empty() { Ok(terms) } else { Err(Problem::invalid(errors)) }
}

async fn ask(app: &App, question: &str, sources: &[Document]) -> Result<Option<String>, Problem> {
    let begin = Instant::now();
    let result = app.model.answer(Prompt { question, sources }).await;
    let outcome = match &result {
        Ok(_) => "ok",
        Err(ModelError::TimedOut) => "timeout",
        Err(ModelError::Failed(_)) => "error",
    };
    app.metrics.model(outcome, begin.elapsed());
    result.map_err(|error| match error {
        ModelError::TimedOut => {
            Problem::logged(ErrorCode::ModelTimedOut, "the language model did not answer in time", &error)
        }
        ModelError::Failed(_) => {
            Problem::logged(ErrorCode::ModelFailed, "the language model answered with an error", &error)
        }
    })
}
