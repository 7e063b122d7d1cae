//! Figures for Prometheus, in its text format (version 0.0.4).

use crate::App;
use crate::storage::PoolState;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Upper bounds in seconds. 0.5 is among them: an alert asks for the 99th percentile at this point.
const BOUNDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

#[derive(Debug, Default, Clone)]
struct Histogram {
    buckets: [u64; BOUNDS.len()],
    count: u64,
    sum: f64,
}

impl Histogram {
    fn observe(&mut self, seconds: f64) {
        for (bucket, bound) in self.buckets.iter_mut().zip(BOUNDS) {
            *bucket += u64::from(seconds <= bound);
        }
        self.count += 1;
        self.sum += seconds;
    }
}

#[derive(Debug, Default)]
struct Figures {
    /// By method, route and status.
    requests: BTreeMap<(String, String, u16), u64>,
    /// By method and route.
    durations: BTreeMap<(String, String), Histogram>,
    searches: u64,
    zero_results: u64,
    /// By result, `hit` or `miss`.
    cache: BTreeMap<&'static str, u64>,
    /// By outcome, `ok`, `error` or `timeout`.
    model: BTreeMap<&'static str, u64>,
    model_durations: Histogram,
    /// By policy.
    rate_limited: BTreeMap<&'static str, u64>,
    pool_timeouts: u64,
}

/// Counts what the service does.
#[derive(Debug, Default)]
pub struct Metrics(Mutex<Figures>);

/// What is asked of the storage when figures are read.
pub struct Gauges {
    /// The connection pool.
    pub pool: PoolState,
    /// Documents, and bytes that the database takes; nothing while it cannot be reached.
    pub size: Option<(u64, u64)>,
    /// The release, as `/health` names it.
    pub release: String,
}

impl Metrics {
    fn with(&self, change: impl FnOnce(&mut Figures)) {
        // A panic while the lock is held leaves whole counters behind.
        change(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }

    /// Counts a search and whether it found nothing.
    pub fn search(&self, found: u64) {
        self.with(|figures| {
            figures.searches += 1;
            figures.zero_results += u64::from(found == 0);
        });
    }

    /// Counts a look into the cache of search results.
    pub fn cache(&self, hit: bool) {
        self.with(|figures| *figures.cache.entry(if hit { "hit" } else { "miss" }).or_default() += 1);
    }

    /// Counts a call of the language model: `ok`, `error` or `timeout`.
    pub fn model(&self, outcome: &'static str, took: Duration) {
        self.with(|figures| {
            *figures.model.entry(outcome).or_default() += 1;
            figures.model_durations.observe(took.as_secs_f64());
        });
    }

    /// Counts a request that was refused by a policy.
    pub fn rate_limited(&self, policy: &'static str) {
        self.with(|figures| *figures.rate_limited.entry(policy).or_default() += 1);
    }

    /// Counts a request that found no free connection in time.
    pub fn pool_timeout(&self) {
        self.with(|figures| figures.pool_timeouts += 1);
    }

    fn request(&self, method: &str, route: &str, status: u16, took: Duration) {
        self.with(|figures| {
            let (method, route) = (method.to_owned(), route.to_owned());
            *figures.requests.entry((method.clone(), route.clone(), status)).or_default() += 1;
            figures.durations.entry((method, route)).or_default().observe(took.as_secs_f64());
        });
    }

    /// All figures as text.
    pub fn render(&self, gauges: &Gauges) -> String {
        let mut out = Text::default();
        self.with(|figures| {
            out.requests(figures);
            out.searches(figures);
            out.model(figures);
            out.limits(figures);
            out.gauges(figures, gauges);
        });
        out.0
    }
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a string cannot fail.
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn sample(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let labels = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
        self.head(name, kind, help);
        self.sample(name, "", value);
    }

    fn histogram(&mut self, name: &str, labels: &str, histogram: &Histogram) {
        let comma = if labels.is_empty() { "" } else { "," };
        for (count, bound) in histogram.buckets.iter().zip(BOUNDS) {
            self.sample(&format!("{name}_bucket"), &format!("{labels}{comma}le=\"{bound}\""), count);
        }
        self.sample(&format!("{name}_bucket"), &format!("{labels}{comma}le=\"+Inf\""), histogram.count);
        self.sample(&format!("{name}_sum"), labels, histogram.sum);
        self.sample(&format!("{name}_count"), labels, histogram.count);
    }

    fn requests(&mut self, figures: &Figures) {
        self.head("http_requests_total", "counter", "Requests, by method, route and status.");
        for ((method, route, status), count) in &figures.requests {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            self.sample("http_requests_total", &labels, count);
        }
        self.head(
            "http_request_duration_seconds",
            "histogram",
            "Seconds until the answer, by method and route.",
        );
        for ((method, route), histogram) in &figures.durations {
            let labels = format!("method=\"{method}\",route=\"{route}\"");
            self.histogram("http_request_duration_seconds", &labels, histogram);
        }
    }

    fn searches(&mut self, figures: &Figures) {
        self.one("search_requests_total", "counter", "Searches.", figures.searches);
        self.one(
            "search_zero_results_total",
            "counter",
            "Searches that found nothing.",
            figures.zero_results,
        );
        self.head(
            "search_cache_requests_total",
            "counter",
            "Looks into the cache of search results, by result.",
        );
        for result in ["hit", "miss"] {
            let count = figures.cache.get(result).unwrap_or(&0);
            self.sample("search_cache_requests_total", &format!("result=\"{result}\""), count);
        }
    }

    fn model(&mut self, figures: &Figures) {
        self.head("llm_requests_total", "counter", "Calls of the language model, by outcome.");
        for outcome in ["ok", "error", "timeout"] {
            let count = figures.model.get(outcome).unwrap_or(&0);
            self.sample("llm_requests_total", &format!("outcome=\"{outcome}\""), count);
        }
        self.head("llm_request_duration_seconds", "histogram", "Seconds until the language model answered.");
        self.histogram("llm_request_duration_seconds", "", &figures.model_durations);
    }

    fn limits(&mut self, figures: &Figures) {
        self.head("rate_limited_requests_total", "counter", "Requests refused by a rate limit, by policy.");
        for policy in crate::limits::POLICIES {
            let count = figures.rate_limited.get(policy.name).unwrap_or(&0);
            self.sample("rate_limited_requests_total", &format!("policy=\"{}\"", policy.name), count);
        }
    }

    fn gauges(&mut self, figures: &Figures, gauges: &Gauges) {
        self.head("db_pool_connections", "gauge", "Open connections to the database, by state.");
        self.sample("db_pool_connections", "state=\"idle\"", gauges.pool.idle);
        self.sample("db_pool_connections", "state=\"in_use\"", gauges.pool.in_use);
        self.one(
            "db_pool_connections_max",
            "gauge",
            "The most connections to the database.",
            gauges.pool.max,
        );
        self.one(
            "db_pool_timeouts_total",
            "counter",
            "Requests that found no free connection in time.",
            figures.pool_timeouts,
        );
        if let Some((documents, bytes)) = gauges.size {
            self.one("search_documents", "gauge", "Documents in the database.", documents);
            self.one("search_storage_bytes", "gauge", "Bytes that the database takes.", bytes);
        }
        self.head("search_build_info", "gauge", "Always 1; its label names the release.");
        let release = gauges.release.replace(['"', '\\', '\n'], "_");
        self.sample("search_build_info", &format!("release=\"{release}\""), 1);
    }
}

/// Measures a request. Routes are counted by their pattern, so that no caller can make new series.
pub async fn measure(State(app): State<App>, request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let method = match request.method().as_str() {
        method @ ("GET" | "POST" | "PUT" | "DELETE" | "HEAD" | "OPTIONS" | "PATCH") => method.to_owned(),
        _ => "other".to_owned(),
    };
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    app.metrics.request(&method, &route, response.status().as_u16(), begin.elapsed());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_hold_all_that_is_at_most_their_bound() {
        let mut histogram = Histogram::default();
        for seconds in [0.004, 0.5, 0.6, 60.0] {
            histogram.observe(seconds);
        }
        assert_eq!(histogram.buckets, [1, 1, 1, 1, 1, 1, 2, 3, 3, 3, 3]);
        assert_eq!(histogram.count, 4);
    }
}
