//! A language model behind an OpenAI-compatible `/chat/completions`, over plain HTTP. Encryption is the matter of the
//! proxy beside the service.

use super::{LanguageModel, ModelError, Prompt};
use crate::config::ModelConfig;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::Request;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::future::Future;
use std::pin::Pin;
use tokio::net::TcpStream;

/// An answer larger than this is an error.
const MOST_BYTES: usize = 1 << 20;

/// What the model is told before the question.
const INSTRUCTION: &str = "Answer the question from the documents below, in one or two sentences. If they do not hold \
                           the answer, reply with the one word NONE.";

/// A model on another machine.
#[derive(Debug)]
pub struct HttpModel {
    config: ModelConfig,
}

impl HttpModel {
    /// A client for a configured model.
    pub fn new(config: ModelConfig) -> Self {
        Self { config }
    }

    async fn complete(&self, prompt: Prompt<'_>) -> Result<Option<String>, ModelError> {
        let mut sources = String::new();
        for source in prompt.sources {
            sources.push_str(&format!("# {}\n{}\n\n", source.title, source.body));
        }
        let body = json!({
            "model": self.config.model,
            "temperature": 0,
            "messages": [
                {"role": "system", "content": format!("{INSTRUCTION}\n\n{sources}")},
                {"role": "user", "content": prompt.question}
            ]
        });
        let url = format!("{}/chat/completions", self.config.url.trim_end_matches('/'));
        let (status, bytes) = send("POST", &url, self.config.key.as_deref(), Some(body.to_string()))
            .await
            .map_err(ModelError::Failed)?;
        if status != 200 {
            return Err(ModelError::Failed(format!("{url} answered {status}")));
        }
        let answer: Value =
            serde_json::from_slice(&bytes).map_err(|error| ModelError::Failed(format!("{url}: {error}")))?;
        match answer["choices"][0]["message"]["content"].as_str().map(str::trim) {
            None => Err(ModelError::Failed(format!("{url}: the answer has no choices[0].message.content"))),
            Some("NONE" | "NONE." | "") => Ok(None),
            Some(text) => Ok(Some(text.to_owned())),
        }
    }
}

impl LanguageModel for HttpModel {
    fn name(&self) -> &str {
        &self.config.model
    }

    fn answer<'a>(
        &'a self,
        prompt: Prompt<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Option<String>, ModelError>> + Send + 'a>> {
        Box::pin(async move {
            match tokio::time::timeout(self.config.timeout, self.complete(prompt)).await {
                Ok(result) => result,
                Err(_) => Err(ModelError::TimedOut),
            }
        })
    }
}

/// Sends one request over its own connection. Returns the status and the body.
///
/// # Errors
///
/// What went wrong, as a sentence for the log.
pub async fn send(
    method: &str,
    url: &str,
    bearer: Option<&str>,
    json: Option<String>,
) -> Result<(u16, Bytes), String> {
    let fault = |error: &dyn std::fmt::Display| format!("{url}: {error}");
    let rest = url.strip_prefix("http://").ok_or_else(|| fault(&"only http:// is spoken"))?;
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let address = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
    let stream = TcpStream::connect(address).await.map_err(|error| fault(&error))?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| fault(&error))?;
    tokio::spawn(connection);
    let mut request = Request::builder()
        .method(method)
        .uri(if path.is_empty() { "/" } else { path })
        .header("host", host)
        .header("content-type", "application/json");
    if let Some(token) = bearer {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let request =
        request.body(Full::new(Bytes::from(json.unwrap_or_default()))).map_err(|error| fault(&error))?;
    let response = sender.send_request(request).await.map_err(|error| fault(&error))?;
    let status = response.status().as_u16();
    let body = Limited::new(response.into_body(), MOST_BYTES)
        .collect()
        .await
        .map_err(|error| fault(&error))?
        .to_bytes();
    Ok((status, body))
}
