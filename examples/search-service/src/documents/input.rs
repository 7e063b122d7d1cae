//! Documents as callers send them.

use super::Document;
use crate::problems::{FieldError, Problem};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A document to store.
#[derive(Serialize, Deserialize, ToSchema, Debug, Clone)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "id": "release-notes",
    "title": "Release notes",
    "body": "What changed for those who call the service.",
    "category": "operations",
    "language": "en",
    "tags": ["changes"]
}))]
pub struct NewDocument {
    /// Identifies the document; the service makes one up where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "release-notes", pattern = "^[a-z0-9][a-z0-9-]*$", max_length = 64)]
    pub id: Option<String>,
    /// The title; words in it weigh more than words in the body.
    #[schema(example = "Release notes", min_length = 1, max_length = 200)]
    pub title: String,
    /// The text, plain.
    #[schema(example = "What changed.", min_length = 1, max_length = 100_000)]
    pub body: String,
    /// The one category it belongs to.
    #[schema(example = "operations", pattern = "^[a-z0-9][a-z0-9-]*$", max_length = 64)]
    pub category: String,
    /// The language of the text, ISO 639-1.
    #[serde(default = "english")]
    #[schema(default = "en", example = "en", pattern = "^[a-z]{2}$")]
    pub language: String,
    /// What it is about.
    #[serde(default)]
    #[schema(example = json!(["changes"]), max_items = 16)]
    pub tags: Vec<String>,
}

/// The content of a document, without its identifier.
#[derive(Serialize, Deserialize, ToSchema, Debug, Clone)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "title": "Style guide",
    "body": "Plain short sentences.",
    "category": "writing",
    "language": "en",
    "tags": ["style"]
}))]
pub struct DocumentContent {
    /// The title; words in it weigh more than words in the body.
    #[schema(example = "Style guide", min_length = 1, max_length = 200)]
    pub title: String,
    /// The text, plain.
    #[schema(example = "Plain short sentences.", min_length = 1, max_length = 100_000)]
    pub body: String,
    /// The one category it belongs to.
    #[schema(example = "writing", pattern = "^[a-z0-9][a-z0-9-]*$", max_length = 64)]
    pub category: String,
    /// The language of the text, ISO 639-1.
    #[serde(default = "english")]
    #[schema(default = "en", example = "en", pattern = "^[a-z]{2}$")]
    pub language: String,
    /// What it is about.
    #[serde(default)]
    #[schema(example = json!(["style"]), max_items = 16)]
    pub tags: Vec<String>,
}

fn english() -> String {
    "en".to_owned()
}

impl DocumentContent {
    pub(super) fn with_id(self, id: String) -> NewDocument {
        let Self { title, body, category, language, tags } = self;
        NewDocument { id: Some(id), title, body, category, language, tags }
    }
}

impl NewDocument {
    /// The document to store, or all that is wrong with it.
    pub(super) fn into_document(self, now: DateTime<Utc>) -> Result<Document, Problem> {
        let id = self.id.unwrap_or_else(|| uuid::Uuid::now_v7().to_string());
        let mut errors = Vec::new();
        let mut hold = |holds: bool, field: &str, detail: &str| {
            if !holds {
                errors.push(FieldError { field: field.to_owned(), detail: detail.to_owned() });
            }
        };
        const NAME: &str = "must be 1 to 64 lower-case letters, digits and hyphens, and begin with no hyphen";
        hold(is_name(&id), "/id", NAME);
        hold(has_length(&self.title, 200), "/title", "must have 1 to 200 characters");
        hold(has_length(&self.body, 100_000), "/body", "must have 1 to 100000 characters");
        hold(is_name(&self.category), "/category", NAME);
        let language =
            self.language.len() == 2 && self.language.bytes().all(|byte| byte.is_ascii_lowercase());
        hold(language, "/language", "must be two lower-case letters");
        hold(self.tags.len() <= 16, "/tags", "must hold at most 16 tags");
        for (index, tag) in self.tags.iter().enumerate() {
            hold(is_name(tag), &format!("/tags/{index}"), NAME);
        }
        if !errors.is_empty() {
            return Err(Problem::invalid(errors));
        }
        let mut tags = self.tags;
        tags.sort();
        tags.dedup();
        Ok(Document {
            id,
            title: self.title,
            body: self.body,
            category: self.category,
            language: self.language,
            tags,
            created_at: now,
            updated_at: now,
        })
    }
}

fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && !text.starts_with('-')
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// NUL is refused: PostgreSQL cannot store it.
fn has_length(text: &str, most: usize) -> bool {
    !text.trim().is_empty() && text.chars().take(most + 1).count() <= most && !text.contains('\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let new = NewDocument {
            id: Some("-x".into()),
            title: " ".into(),
            body: "b".into(),
            category: "Ops".into(),
            language: "eng".into(),
            tags: vec!["ok".into(), "not ok".into()],
        };
        let problem = new.into_document(Utc::now()).unwrap_err();
        let fields: Vec<_> = problem.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["/id", "/title", "/category", "/language", "/tags/1"]);
    }
}
