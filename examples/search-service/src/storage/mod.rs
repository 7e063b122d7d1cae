//! Where documents live: SQLite in a file or in memory, or PostgreSQL. Both give the same results in the same order,
//! but for the scores, which each computes its own way.

mod postgres;
mod sqlite;

use crate::documents::Document;
use crate::problems::{ErrorCode, Problem};
use crate::search::query::{Match, Terms};
use chrono::{DateTime, Utc};
use std::time::Duration;

/// A database that could not do what it was asked.
#[derive(Debug)]
pub enum StorageError {
    /// No connection was free in time.
    Busy(Duration),
    /// Anything else.
    Database(sqlx::Error),
}

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl std::fmt::Display for StorageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Busy(waited) => write!(f, "no connection was free within {waited:?}"),
            Self::Database(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for StorageError {}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        let detail = match &error {
            StorageError::Busy(waited) => {
                format!("no connection was free within {} seconds", waited.as_secs_f64())
            }
            StorageError::Database(sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::Tls(_)) => {
                "the database cannot be reached".to_owned()
            }
            StorageError::Database(_) => {
                return Self::logged(ErrorCode::Internal, "the fault was logged", &error);
            }
        };
        Self::logged(ErrorCode::StorageUnavailable, &detail, &error)
    }
}

/// Which documents count, besides the words.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Filter {
    /// Only this category.
    pub category: Option<String>,
    /// Only documents with this tag.
    pub tag: Option<String>,
    /// Only this language.
    pub language: Option<String>,
    /// Only documents written at this time or later.
    pub updated_from: Option<DateTime<Utc>>,
    /// Only documents written before this time.
    pub updated_before: Option<DateTime<Utc>>,
}

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Slice {
    /// The most entries.
    pub limit: u32,
    /// Entries to leave out before.
    pub offset: u64,
}

/// How hits are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum Order {
    /// Best first.
    Relevance,
    /// Last written first.
    Newest,
}

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// The words.
    pub terms: Terms,
    /// Whether all words must occur, or any.
    pub matching: Match,
    /// Which documents count.
    pub filter: Filter,
    /// The order of hits.
    pub order: Order,
    /// Which hits.
    pub slice: Slice,
    /// Whether values of all hits are counted.
    pub facets: bool,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Hits on all pages.
    pub total: u64,
    /// The hits of the page, with their scores.
    pub hits: Vec<(Document, f64)>,
    /// `category`, `language` or `tag`, a value, and how many of all hits have it; most frequent first.
    pub facets: Vec<(String, String, u64)>,
}

/// The connection pool at one moment.
#[derive(Debug, Clone, Copy)]
pub struct PoolState {
    /// Connections that nobody uses.
    pub idle: u64,
    /// Connections in use.
    pub in_use: u64,
    /// The most connections.
    pub max: u64,
}

/// How a pool is set up.
#[derive(Debug, Clone, Copy)]
pub struct PoolConfig {
    /// The most connections.
    pub size: u32,
    /// How long a request waits for one.
    pub timeout: Duration,
}

/// A database of one of the two kinds.
#[derive(Clone)]
pub enum Storage {
    /// The embedded default.
    Sqlite(sqlite::Sqlite),
    /// For more than one instance.
    Postgres(postgres::Postgres),
}

/// Calls a method of whichever storage it is.
macro_rules! either {
    ($self:ident, $storage:ident => $call:expr) => {
        match $self {
            Storage::Sqlite($storage) => $call,
            Storage::Postgres($storage) => $call,
        }
    };
}

impl Storage {
    /// Connects and creates the tables where they are missing.
    ///
    /// # Errors
    ///
    /// The database cannot be reached or opened.
    pub async fn connect(url: &str, pool: PoolConfig) -> Result<Self, StorageError> {
        if url.starts_with("sqlite:") {
            Ok(Self::Sqlite(sqlite::Sqlite::connect(url, pool).await?))
        } else {
            Ok(Self::Postgres(postgres::Postgres::connect(url, pool).await?))
        }
    }

    /// `sqlite` or `postgres`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    ///
    /// It gives none.
    pub async fn ping(&self) -> Result<(), StorageError> {
        either!(self, storage => storage.ping().await)
    }

    /// A document, if it is there.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn get(&self, id: &str) -> Result<Option<Document>, StorageError> {
        either!(self, storage => storage.get(id).await)
    }

    /// Stores a document. Without `replace`, one that is there stays. Returns whether one was there.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn put(&self, document: &Document, replace: bool) -> Result<bool, StorageError> {
        either!(self, storage => storage.put(document, replace).await)
    }

    /// Removes a document. Returns whether it was there.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn delete(&self, id: &str) -> Result<bool, StorageError> {
        either!(self, storage => storage.delete(id).await)
    }

    /// Documents by identifier, and how many there are in all.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn list(&self, filter: &Filter, slice: Slice) -> Result<(u64, Vec<Document>), StorageError> {
        either!(self, storage => storage.list(filter, slice).await)
    }

    /// Searches.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn search(&self, search: &Search) -> Result<Found, StorageError> {
        either!(self, storage => storage.search(search).await)
    }

    /// Identifiers and titles of documents with a word in the title that begins so.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn suggest(&self, prefix: &str, limit: u32) -> Result<Vec<(String, String)>, StorageError> {
        either!(self, storage => storage.suggest(prefix, limit).await)
    }

    /// How many documents there are, and how many bytes the database takes.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn size(&self) -> Result<(u64, u64), StorageError> {
        either!(self, storage => storage.size().await)
    }

    /// The connection pool now.
    pub fn pool(&self) -> PoolState {
        either!(self, storage => storage.pool())
    }
}
