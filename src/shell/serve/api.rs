//! The preview's own interface, described by its annotations: `/__preview/api/openapi.json`.

use super::{Server, open as open_world};
use crate::base::RelPath;
use crate::preview::{Finding, Status};
use crate::render::Hit;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, OpenApi, ToSchema};

/// What the preview says of itself.
#[derive(OpenApi)]
#[openapi(
    info(title = "oathbook preview", description = "What the live preview knows, for editors and scripts on this machine.", license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")),
    paths(status, findings, claims, pages, search, open),
    components(schemas(Status, Finding, Claim, Page, Hit, Open)),
    tags((name = "preview", description = "The site as it is shown now."))
)]
struct Document;

/// A claim and its verdict.
#[derive(Serialize, ToSchema)]
pub(super) struct Claim {
    /// The page's file.
    page: String,
    /// link, anchor, image, include, reference, structure or external.
    kind: String,
    /// What it is about.
    subject: String,
    /// proven, contradicted or not judged.
    verdict: String,
}

/// A page of the site.
#[derive(Serialize, ToSchema)]
pub(super) struct Page {
    /// Its title in the navigation.
    title: String,
    /// Its address below the site's root.
    url: String,
    /// Its file, from the repository's root.
    file: String,
}

/// What to open in the editor: a line of a file, or a block of a page.
#[derive(Deserialize, ToSchema)]
pub(super) struct Open {
    /// A file, from the repository's root.
    file: Option<String>,
    /// A line, from 1.
    line: Option<u32>,
    /// A page's address.
    page: Option<String>,
    /// A block of the page, from 0.
    block: Option<usize>,
}

/// How the site stands: counts and findings.
#[utoipa::path(get, path = "/__preview/api/status", tag = "preview", responses((status = 200, description = "Counts, and the first findings.", body = Status), (status = 500, description = "The folder of the book is gone.")))]
pub(super) async fn status(State(server): State<Arc<Server>>) -> impl IntoResponse {
    match tokio::task::spawn_blocking(move || server.status()).await.ok().flatten() {
        Some(status) => Json(status).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Which findings are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only those of the page at this address.
    page: Option<String>,
}

/// All findings, most severe first.
#[utoipa::path(get, path = "/__preview/api/findings", tag = "preview", params(Wanted), responses((status = 200, description = "Findings, as `oathbook check` prints them.", body = Vec<Finding>), (status = 500, description = "The folder of the book is gone.")))]
pub(super) async fn findings(
    State(server): State<Arc<Server>>,
    Query(Wanted { page }): Query<Wanted>,
) -> impl IntoResponse {
    let asked = tokio::task::spawn_blocking(move || {
        let (world, _) = open_world(&server.options).ok()?;
        let mut findings = server.judged()?.findings(&world);
        findings.retain(|found| page.is_none() || found.url == page);
        Some(findings)
    });
    match asked.await.ok().flatten() {
        Some(findings) => Json(findings).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// What to search for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Words, names, flags or paths.
    q: String,
}

/// What a reader's search finds, best first.
#[utoipa::path(get, path = "/__preview/api/search", tag = "preview", params(Asked), responses((status = 200, description = "At most 15 pages, sections and things of APIs.", body = Vec<Hit>), (status = 400, description = "There is no `q`."), (status = 500, description = "The folder of the book is gone.")))]
pub(super) async fn search(
    State(server): State<Arc<Server>>,
    Query(Asked { q }): Query<Asked>,
) -> impl IntoResponse {
    let asked = tokio::task::spawn_blocking(move || {
        let (world, _) = open_world(&server.options).ok()?;
        Some(server.read().search(&world, &q))
    });
    match asked.await.ok().flatten() {
        Some(hits) => Json(hits).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// All claims and their verdicts.
#[utoipa::path(get, path = "/__preview/api/claims", tag = "preview", responses((status = 200, description = "Claims by page.", body = Vec<Claim>)))]
pub(super) async fn claims(State(server): State<Arc<Server>>) -> impl IntoResponse {
    let asked = tokio::task::spawn_blocking(move || server.judged().map(|live| Json(all_claims(&live))));
    asked.await.ok().flatten().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn all_claims(live: &crate::preview::Live) -> Vec<Claim> {
    let claim = |claim: &crate::diag::Claim| Claim {
        page: claim.page.as_str().to_owned(),
        kind: claim.kind.name().to_owned(),
        subject: claim.subject.to_string(),
        verdict: claim.verdict.name().to_owned(),
    };
    live.checked().report.claims.iter().flatten().map(claim).collect()
}

/// All pages, in reading order.
#[utoipa::path(get, path = "/__preview/api/pages", tag = "preview", responses((status = 200, description = "Pages in reading order.", body = Vec<Page>)))]
pub(super) async fn pages(State(server): State<Arc<Server>>) -> Json<Vec<Page>> {
    let live = server.read();
    let page = |page: &crate::model::Page| Page {
        title: page.title.clone(),
        url: page.url.clone(),
        file: page.source.as_str().to_owned(),
    };
    Json(live.checked().site.pages.iter().map(page).collect())
}

/// Opens a line in the writer's editor; only for who holds the token of this run.
#[utoipa::path(post, path = "/__preview/open", tag = "preview", request_body = Open, responses((status = 204, description = "The editor was asked."), (status = 403, description = "The token is not this run's."), (status = 404, description = "There is no such file or block.")))]
pub(super) async fn open(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    Json(wanted): Json<Open>,
) -> StatusCode {
    let token = headers.get("x-oathbook-token").and_then(|value| value.to_str().ok());
    if token != Some(server.token.as_str()) {
        return StatusCode::FORBIDDEN;
    }
    let Ok((world, _)) = open_world(&server.options) else { return StatusCode::NOT_FOUND };
    let place = match (wanted.file, wanted.page) {
        (Some(file), _) => Some((file, wanted.line.unwrap_or(1))),
        (None, Some(page)) => server.read().block_source(&world, &page, wanted.block.unwrap_or(0)),
        (None, None) => None,
    };
    let Some((file, line)) = place else { return StatusCode::NOT_FOUND };
    let known = RelPath::parse(&file).ok().filter(|path| crate::world::World::kind(&world, path).is_some());
    match known {
        Some(path) => {
            let path = world.on_disk(&path);
            if !server.at_the_desk(|desk| desk.edit(&path, line)) {
                server.say(&format!(
                    "{}:{line} (set OATHBOOK_EDITOR to open it from the browser)",
                    path.display()
                ));
            }
            StatusCode::NO_CONTENT
        }
        None => StatusCode::NOT_FOUND,
    }
}

/// The document of this interface.
pub(super) async fn document() -> impl IntoResponse {
    match Document::openapi().to_json() {
        Ok(text) => ([(axum::http::header::CONTENT_TYPE, "application/json")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
