//! The service as its callers see it. Each test has a database of its own in memory; with
//! `SEARCH_TEST_POSTGRES_URL` the tests of search run on PostgreSQL, too.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use search_service::config::Config;
use search_service::{State, api, limits, router};
use serde_json::{Value, json};
use tower::ServiceExt as _;

async fn service(more: &[(&str, &str)]) -> Router {
    let mut variables =
        std::collections::BTreeMap::from([("SEARCH_DATABASE_URL".to_owned(), "sqlite::memory:".to_owned())]);
    variables.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    router(State::start(Config::from_variables(&variables).unwrap()).await.unwrap())
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// A problem is a problem in every respect.
    fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!((&problem["status"], &problem["code"]), (&json!(status), &json!(code)));
        assert_eq!(problem["type"], format!("https://search.example/problems/{code}"));
        problem
    }
}

async fn send(service: &Router, request: Request<Body>) -> Answer {
    let response = service.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
}

async fn call(service: &Router, method: &str, path: &str, body: Option<Value>) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header("x-api-key", "demo-writer-key");
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    send(service, request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).unwrap())
        .await
}

async fn get(service: &Router, path: &str) -> Answer {
    call(service, "GET", path, None).await
}

#[tokio::test]
async fn documents_go_in_and_come_out() {
    let service = service(&[]).await;
    let new = json!({"id": "n", "title": "New", "body": "text", "category": "c", "tags": ["b", "a", "b"]});
    let created = call(&service, "POST", "/v1/documents", Some(new.clone())).await;
    assert_eq!(created.status, 201);
    assert_eq!(created.header("location"), "/v1/documents/n");
    assert_eq!(created.json()["tags"], json!(["a", "b"]));
    call(&service, "POST", "/v1/documents", Some(new)).await.problem(409, "document-exists");
    assert_eq!(get(&service, "/v1/documents/n").await.json(), created.json());

    let content = json!({"title": "Newer", "body": "text", "category": "c"});
    let replaced = call(&service, "PUT", "/v1/documents/n", Some(content.clone())).await;
    assert_eq!((replaced.status.as_u16(), &replaced.json()["title"]), (200, &json!("Newer")));
    assert_eq!(replaced.json()["createdAt"], created.json()["createdAt"], "the first time of writing stays");
    assert_eq!(call(&service, "PUT", "/v1/documents/m", Some(content)).await.status, 201);

    assert_eq!(call(&service, "DELETE", "/v1/documents/n", None).await.status, 204);
    call(&service, "DELETE", "/v1/documents/n", None).await.problem(404, "document-not-found");
    get(&service, "/v1/documents/n").await.problem(404, "document-not-found");
}

#[tokio::test]
async fn steps_of_a_bulk_request_stand_alone() {
    let service = service(&[]).await;
    let put = |id: &str, title: &str| json!({"action": "put", "id": id, "title": title, "body": "b", "category": "c"});
    let steps =
        json!({"steps": [put("x", "X"), put("x", "X2"), put("y", ""), {"action": "delete", "id": "x"}]});
    let answer = call(&service, "POST", "/v1/documents/bulk", Some(steps)).await.json();
    let outcomes: Vec<_> =
        answer["results"].as_array().unwrap().iter().map(|result| &result["outcome"]).collect();
    assert_eq!(outcomes, ["created", "replaced", "failed", "deleted"]);
    assert_eq!(answer["results"][2]["problem"]["errors"][0]["field"], "/title");
    call(&service, "POST", "/v1/documents/bulk", Some(json!({"steps": []})))
        .await
        .problem(400, "invalid-request");
}

#[tokio::test]
async fn lists_are_filtered_and_cut_into_pages() {
    let service = service(&[]).await;
    let first = get(&service, "/v1/documents?category=databases&perPage=3").await.json();
    assert_eq!((&first["total"], first["documents"].as_array().unwrap().len()), (&json!(4), 3));
    let second = get(&service, "/v1/documents?category=databases&perPage=3&page=2").await.json();
    assert_eq!(second["documents"][0]["id"], "write-ahead-log");
    assert_eq!(get(&service, "/v1/documents?tag=sqlite").await.json()["total"], 2);
    let problem = get(&service, "/v1/documents?page=0&perPage=101").await.problem(400, "invalid-request");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 2);
}

async fn search_finds(service: &Router) {
    let results = get(service, "/v1/search?q=Database+pool&facets=true").await.json();
    assert_eq!((&results["total"], &results["hits"][0]["id"]), (&json!(1), &json!("connection-pools")));
    let snippet = &results["hits"][0]["snippet"];
    let mark = &snippet["marks"][0];
    assert_eq!(
        &snippet["text"].as_str().unwrap()
            [mark["start"].as_u64().unwrap() as usize..mark["end"].as_u64().unwrap() as usize],
        "pool"
    );
    assert_eq!(results["facets"]["category"], json!([{"value": "databases", "count": 1}]));

    let ids = async |path: &str| -> Vec<String> {
        let hits = get(service, path).await.json()["hits"].take();
        hits.as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        ids("/v1/search?q=%22full-text+search%22").await,
        ["full-text-search"],
        "words stand together"
    );
    assert!(!ids("/v1/search?q=database+-sqlite").await.contains(&"sqlite-in-services".to_owned()));
    assert_eq!(ids("/v1/search?q=W%C3%B6rter&language=de").await, ["volltextsuche"]);
    assert_eq!(ids("/v1/search?q=database&updatedBefore=2020-01-01T00:00:00Z").await, Vec::<String>::new());
    assert_eq!(ids("/v1/search?q=database&sort=newest&perPage=1").await.len(), 1);
    assert_eq!(ids("/v1/search?q=%27%3B+DROP+%22").await, Vec::<String>::new(), "signs are no syntax");

    let all = get(service, "/v1/search?q=the&facets=true&perPage=2").await.json();
    let counted: u64 = all["facets"]["language"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value["count"].as_u64().unwrap())
        .sum();
    assert_eq!(json!(counted), all["total"], "facets count all hits, not those of the page");

    let titles = get(service, "/v1/suggestions?prefix=Prob").await.json();
    assert_eq!(
        titles,
        json!({"suggestions": [{"title": "Problem details for HTTP APIs", "id": "problem-details"}]})
    );
}

#[tokio::test]
async fn search_finds_words_phrases_and_filters() {
    search_finds(&service(&[]).await).await;
}

#[tokio::test]
async fn postgresql_finds_the_same() {
    let Ok(url) = std::env::var("SEARCH_TEST_POSTGRES_URL") else {
        println!("skipped: SEARCH_TEST_POSTGRES_URL is not set");
        return;
    };
    let service = service(&[("SEARCH_DATABASE_URL", &url)]).await;
    search_finds(&service).await;
    let new = json!({"id": "pg", "title": "New", "body": "zebra", "category": "c", "tags": ["a"]});
    assert_eq!(call(&service, "POST", "/v1/documents", Some(new.clone())).await.status, 201);
    call(&service, "POST", "/v1/documents", Some(new)).await.problem(409, "document-exists");
    let content = json!({"title": "Newer", "body": "zebra", "category": "c"});
    assert_eq!(call(&service, "PUT", "/v1/documents/pg", Some(content)).await.json()["title"], "Newer");
    assert_eq!(get(&service, "/v1/search?q=zebra").await.json()["total"], 1);
    assert_eq!(get(&service, "/v1/documents?category=c").await.json()["total"], 1);
    assert_eq!(call(&service, "DELETE", "/v1/documents/pg", None).await.status, 204);
    assert_eq!(get(&service, "/v1/search?q=zebra").await.json()["total"], 0);
}

#[tokio::test]
async fn a_write_is_found_at_once_in_spite_of_the_cache() {
    let service = service(&[]).await;
    assert_eq!(get(&service, "/v1/search?q=zebra").await.json()["total"], 0);
    assert_eq!(get(&service, "/v1/search?q=zebra").await.json()["total"], 0);
    let new = json!({"title": "Zebra", "body": "stripes", "category": "c"});
    assert_eq!(call(&service, "POST", "/v1/documents", Some(new)).await.status, 201);
    assert_eq!(get(&service, "/v1/search?q=zebra").await.json()["total"], 1);
    let metrics = get(&service, "/metrics").await;
    assert_eq!(metrics.header("content-type"), "text/plain; version=0.0.4");
    for line in [
        "search_requests_total 3",
        "search_zero_results_total 2",
        "search_cache_requests_total{result=\"hit\"} 1",
        "search_cache_requests_total{result=\"miss\"} 2",
        "http_requests_total{method=\"GET\",route=\"/v1/search\",status=\"200\"} 3",
        "http_request_duration_seconds_count{method=\"GET\",route=\"/v1/search\"} 3",
        "db_pool_connections_max 1",
        "search_documents 14",
    ] {
        assert!(metrics.text.lines().any(|found| found == line), "{line} is not in\n{}", metrics.text);
    }
}

#[tokio::test]
async fn answers_name_their_sources_and_say_when_there_is_none() {
    let service = service(&[]).await;
    let ask = async |question: &str| {
        call(&service, "POST", "/v1/answers", Some(json!({"question": question, "maxSources": 2}))).await
    };
    let answer = ask("What does the hit rate of a cache tell?").await.json();
    assert_eq!(
        (&answer["sources"][0]["id"], &answer["model"]),
        (&json!("cache-hit-rate"), &json!("extract"))
    );
    assert!(answer["answer"].as_str().unwrap().starts_with("The hit rate of a cache falls"));
    let nothing = ask("Xylophon?").await.json();
    assert_eq!(nothing, json!({"answer": null, "model": "extract", "sources": []}));
    ask("?!").await.problem(400, "invalid-request");
}

/// Answers as a server of language models would, or not at all.
async fn model_server(body: &'static str, status: u16, delay: u64) -> String {
    let app = Router::new().route(
        "/v1/chat/completions",
        axum::routing::post(async move |headers: HeaderMap| {
            assert_eq!(headers["authorization"], "Bearer model-key");
            tokio::time::sleep(std::time::Duration::from_millis(delay)).await;
            (StatusCode::from_u16(status).unwrap(), body)
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}/v1")
}

#[tokio::test]
async fn a_model_over_http_answers_fails_or_takes_too_long() {
    const GOOD: &str = r#"{"choices": [{"message": {"content": " Because. "}}]}"#;
    for (body, status, delay, expected) in
        [(GOOD, 200, 0, 200), ("{}", 200, 0, 502), (GOOD, 500, 0, 502), (GOOD, 200, 2_000, 504)]
    {
        let url = model_server(body, status, delay).await;
        let model = [
            ("SEARCH_LLM_URL", url.as_str()),
            ("SEARCH_LLM_KEY", "model-key"),
            ("SEARCH_LLM_TIMEOUT_MS", "300"),
        ];
        let service = service(&model).await;
        let answer = call(&service, "POST", "/v1/answers", Some(json!({"question": "Why a pool?"}))).await;
        let outcome = match expected {
            200 => {
                assert_eq!(answer.json()["answer"], "Because.");
                "ok"
            }
            502 => {
                answer.problem(502, "model-failed");
                "error"
            }
            _ => {
                answer.problem(504, "model-timed-out");
                "timeout"
            }
        };
        let line = format!("llm_requests_total{{outcome=\"{outcome}\"}} 1");
        assert!(get(&service, "/metrics").await.text.contains(&line), "{line}");
    }
}

#[tokio::test]
async fn callers_are_known_have_a_role_and_a_limit() {
    let service = service(&[]).await;
    let with = async |name: &str, value: &str, method: &str, path: &str| {
        send(
            &service,
            Request::builder().method(method).uri(path).header(name, value).body(Body::empty()).unwrap(),
        )
        .await
    };
    let refused = with("accept", "*/*", "GET", "/v1/documents").await;
    refused.problem(401, "unauthenticated");
    assert_eq!(refused.header("www-authenticate"), "Bearer, ApiKey");
    with("x-api-key", "demo-reader-ke", "GET", "/v1/documents").await.problem(401, "unauthenticated");
    with("authorization", "Basic demo-app-token", "GET", "/v1/documents")
        .await
        .problem(401, "unauthenticated");
    assert_eq!(with("authorization", "bearer demo-app-token", "GET", "/v1/documents").await.status, 200);
    let forbidden = with("x-api-key", "demo-reader-key", "DELETE", "/v1/documents/facets").await;
    forbidden.problem(403, "forbidden");
    assert_eq!(forbidden.header("ratelimit-policy"), "\"write\";q=120;w=60");

    for left in (0..limits::ANSWERS.quota).rev() {
        let answer = with("x-api-key", "demo-reader-key", "POST", "/v1/answers").await;
        answer.problem(415, "unsupported-media-type");
        assert!(answer.header("ratelimit").starts_with(&format!("\"answers\";r={left};t=")));
    }
    let refused = with("x-api-key", "demo-reader-key", "POST", "/v1/answers").await;
    refused.problem(429, "rate-limited");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait));
    with("x-api-key", "demo-writer-key", "POST", "/v1/answers").await.problem(415, "unsupported-media-type");
}

#[tokio::test]
async fn whatever_cannot_be_used_is_a_problem_and_never_a_plain_text() {
    let service = service(&[]).await;
    get(&service, "/v2").await.problem(404, "route-not-found");
    call(&service, "PATCH", "/health", None).await.problem(405, "method-not-allowed");
    get(&service, "/v1/search").await.problem(400, "invalid-request");
    get(&service, "/v1/search?q=a&z=1").await.problem(400, "invalid-request");
    get(&service, "/v1/search?q=-a").await.problem(400, "invalid-request");
    get(&service, "/v1/suggestions?prefix=two%20words").await.problem(400, "invalid-request");
    call(&service, "POST", "/v1/documents", Some(json!({"title": 1}))).await.problem(400, "invalid-request");
    let large = json!({"title": "t", "body": "x".repeat(1 << 20), "category": "c"});
    call(&service, "POST", "/v1/documents", Some(large)).await.problem(413, "body-too-large");
}

#[tokio::test]
async fn probes_and_figures_need_no_key() {
    let service = service(&[("SEARCH_RELEASE", "2.0.0-rc.1")]).await;
    for path in ["/health", "/ready", "/metrics"] {
        let answer = send(&service, Request::builder().uri(path).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 200);
        if path == "/health" {
            assert_eq!(answer.json()["release"], "2.0.0-rc.1");
        }
    }
}

#[tokio::test]
async fn the_document_states_the_limits_that_the_limiter_holds() {
    let config =
        Config::from_variables(&[("SEARCH_DATABASE_URL".to_owned(), "sqlite::memory:".to_owned())].into());
    let app = State::start(config.unwrap()).await.unwrap();
    let document = serde_json::to_value(api(&app).into_openapi()).unwrap();
    let mut stated = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            let limit = &operation["x-rate-limit"];
            if *limit == json!(false) {
                assert!(!path.starts_with("/v1/"), "{path} says that it has no limit");
                continue;
            }
            let policy = limits::POLICIES.iter().find(|policy| limit["policy"] == policy.name).unwrap();
            let held = json!({"policy": policy.name, "requests": policy.quota, "window": policy.window, "per": "caller"});
            assert_eq!(*limit, held, "{path}");
            stated += 1;
        }
    }
    assert_eq!(stated, 9);
}
