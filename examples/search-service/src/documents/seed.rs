//! The documents of the demonstration.

use super::{NewDocument, now};
use crate::storage::{Filter, Slice, Storage, StorageError};

/// Fills an empty database. Returns how many documents were stored.
///
/// # Errors
///
/// The database failed.
pub async fn fill(storage: &Storage) -> Result<usize, StorageError> {
    let (total, _) = storage.list(&Filter::default(), Slice { limit: 1, offset: 0 }).await?;
    if total > 0 {
        return Ok(0);
    }
    let mut stored = 0;
    for new in documents() {
        if let Ok(document) = new.into_document(now()) {
            storage.put(&document, false).await?;
            stored += 1;
        }
    }
    Ok(stored)
}

fn documents() -> Vec<NewDocument> {
    serde_json::from_str(include_str!("seed.json")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_of_the_demonstration_can_be_stored() {
        let documents = documents();
        assert_eq!(documents.len(), 13);
        for document in documents {
            document.into_document(now()).unwrap();
        }
    }
}
