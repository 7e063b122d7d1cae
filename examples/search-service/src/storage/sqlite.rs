//! Documents in SQLite, with FTS5 for the words.

use super::{Filter, Found, Order, PoolConfig, PoolState, Search, Slice, StorageError};
use crate::documents::Document;
use crate::search::query::{Match, Terms};
use chrono::DateTime;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{Row as _, Sqlite as Database};
use std::str::FromStr as _;

type Query<'q> = sqlx::query::Query<'q, Database, sqlx::sqlite::SqliteArguments>;

/// The conditions of a [`Filter`], bound as parameters 1 to 5.
macro_rules! filtered {
    () => {
        "(?1 IS NULL OR d.category = ?1) AND (?2 IS NULL OR d.language = ?2) \
         AND (?3 IS NULL OR EXISTS (SELECT 1 FROM json_each(d.tags) WHERE value = ?3)) \
         AND (?4 IS NULL OR d.updated_at >= ?4) AND (?5 IS NULL OR d.updated_at < ?5)"
    };
}

/// The documents that a search finds; the words are parameter 6.
macro_rules! matched {
    () => {
        concat!(
            "FROM words JOIN documents d ON d.number = words.rowid WHERE words MATCH ?6 AND ",
            filtered!()
        )
    };
}

/// A pool of connections to one file, or to memory.
#[derive(Clone)]
pub struct Sqlite {
    pool: SqlitePool,
    config: PoolConfig,
}

impl Sqlite {
    pub async fn connect(url: &str, mut config: PoolConfig) -> Result<Self, StorageError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(config.timeout);
        let mut pool = SqlitePoolOptions::new();
        if url.contains(":memory:") {
            // Each connection to memory would see a database of its own, and lose it when it is closed.
            config.size = 1;
            pool = pool.idle_timeout(None).max_lifetime(None);
        }
        let pool =
            pool.max_connections(config.size).acquire_timeout(config.timeout).connect_with(options).await?;
        sqlx::raw_sql(include_str!("sqlite.sql")).execute(&pool).await?;
        Ok(Self { pool, config })
    }

    fn failed(&self, error: sqlx::Error) -> StorageError {
        match error {
            sqlx::Error::PoolTimedOut => StorageError::Busy(self.config.timeout),
            other => StorageError::Database(other),
        }
    }

    pub async fn ping(&self) -> Result<(), StorageError> {
        sqlx::query("SELECT 1").execute(&self.pool).await.map(drop).map_err(|error| self.failed(error))
    }

    pub async fn get(&self, id: &str) -> Result<Option<Document>, StorageError> {
        let row = sqlx::query("SELECT d.* FROM documents d WHERE d.id = ?1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(row.as_ref().map(document).transpose()?)
    }

    pub async fn put(&self, document: &Document, replace: bool) -> Result<bool, StorageError> {
        let mut transaction =
            self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(|error| self.failed(error))?;
        let old: Option<i64> = sqlx::query_scalar("SELECT number FROM documents WHERE id = ?1")
            .bind(&document.id)
            .fetch_optional(&mut *transaction)
            .await?;
        if old.is_some() && !replace {
            return Ok(true);
        }
        let statement = match old {
            // The first time of writing stays.
            Some(_) => {
                "UPDATE documents SET id = ?1, title = ?2, body = ?3, category = ?4, language = ?5, tags = ?6, \
                        updated_at = ?8 WHERE id = ?1 AND ?7 IS NOT NULL RETURNING number"
            }
            None => {
                "INSERT INTO documents (id, title, body, category, language, tags, created_at, updated_at) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING number"
            }
        };
        let number: i64 = sqlx::query_scalar(statement)
            .bind(&document.id)
            .bind(&document.title)
            .bind(&document.body)
            .bind(&document.category)
            .bind(&document.language)
            .bind(serde_json::to_string(&document.tags).unwrap_or_default())
            .bind(document.created_at.timestamp_micros())
            .bind(document.updated_at.timestamp_micros())
            .fetch_one(&mut *transaction)
            .await?;
        sqlx::query("DELETE FROM words WHERE rowid = ?1").bind(number).execute(&mut *transaction).await?;
        sqlx::query("INSERT INTO words (rowid, title, body) VALUES (?1, ?2, ?3)")
            .bind(number)
            .bind(&document.title)
            .bind(&document.body)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(old.is_some())
    }

    pub async fn delete(&self, id: &str) -> Result<bool, StorageError> {
        let mut transaction =
            self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(|error| self.failed(error))?;
        let number: Option<i64> = sqlx::query_scalar("DELETE FROM documents WHERE id = ?1 RETURNING number")
            .bind(id)
            .fetch_optional(&mut *transaction)
            .await?;
        sqlx::query("DELETE FROM words WHERE rowid = ?1").bind(number).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(number.is_some())
    }

    pub async fn list(&self, filter: &Filter, slice: Slice) -> Result<(u64, Vec<Document>), StorageError> {
        const COUNT: &str = concat!("SELECT count(*) FROM documents d WHERE ", filtered!());
        const LIST: &str =
            concat!("SELECT d.* FROM documents d WHERE ", filtered!(), " ORDER BY d.id LIMIT ?6 OFFSET ?7");
        let total: i64 = bind(sqlx::query(COUNT), filter)
            .fetch_one(&self.pool)
            .await
            .map_err(|error| self.failed(error))?
            .try_get(0)?;
        let rows = bind(sqlx::query(LIST), filter)
            .bind(i64::from(slice.limit))
            .bind(i64::try_from(slice.offset).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await?;
        let documents = rows.iter().map(document).collect::<Result<_, _>>()?;
        Ok((u64::try_from(total).unwrap_or(0), documents))
    }

    pub async fn search(&self, search: &Search) -> Result<Found, StorageError> {
        const COUNT: &str = concat!("SELECT count(*) ", matched!());
        const RELEVANCE: &str = concat!(
            "SELECT d.*, -bm25(words, 4.0, 1.0) AS score ",
            matched!(),
            " ORDER BY score DESC, d.id LIMIT ?7 OFFSET ?8"
        );
        const NEWEST: &str = concat!(
            "SELECT d.*, -bm25(words, 4.0, 1.0) AS score ",
            matched!(),
            " ORDER BY d.updated_at DESC, d.id LIMIT ?7 OFFSET ?8"
        );
        const FACETS: &str = concat!(
            "WITH found AS (SELECT d.category, d.language, d.tags ",
            matched!(),
            ") SELECT 'category' AS facet, category AS value, count(*) AS documents FROM found GROUP BY 2 \
             UNION ALL SELECT 'language', language, count(*) FROM found GROUP BY 2 \
             UNION ALL SELECT 'tag', tag.value, count(*) FROM found, json_each(found.tags) AS tag GROUP BY 2 \
             ORDER BY 1, 3 DESC, 2"
        );
        let words = expression(&search.terms, search.matching);
        let total: i64 = bind(sqlx::query(COUNT), &search.filter)
            .bind(&words)
            .fetch_one(&self.pool)
            .await
            .map_err(|error| self.failed(error))?
            .try_get(0)?;
        let statement = match search.order {
            Order::Relevance => RELEVANCE,
            Order::Newest => NEWEST,
        };
        let rows = bind(sqlx::query(statement), &search.filter)
            .bind(&words)
            .bind(i64::from(search.slice.limit))
            .bind(i64::try_from(search.slice.offset).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await?;
        let hits = rows
            .iter()
            .map(|row| Ok((document(row)?, row.try_get("score")?)))
            .collect::<Result<_, sqlx::Error>>()?;
        let mut facets = Vec::new();
        if search.facets {
            for row in bind(sqlx::query(FACETS), &search.filter).bind(&words).fetch_all(&self.pool).await? {
                let count: i64 = row.try_get(2)?;
                facets.push((row.try_get(0)?, row.try_get(1)?, u64::try_from(count).unwrap_or(0)));
            }
        }
        Ok(Found { total: u64::try_from(total).unwrap_or(0), hits, facets })
    }

    pub async fn suggest(&self, prefix: &str, limit: u32) -> Result<Vec<(String, String)>, StorageError> {
        let rows = sqlx::query(
            "SELECT d.id, d.title FROM words JOIN documents d ON d.number = words.rowid WHERE words MATCH ?1 \
             ORDER BY d.title, d.id LIMIT ?2",
        )
        .bind(format!("title : \"{prefix}\" *"))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await
        .map_err(|error| self.failed(error))?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    pub async fn size(&self) -> Result<(u64, u64), StorageError> {
        let row = sqlx::query(
            "SELECT (SELECT count(*) FROM documents), page_count * page_size FROM pragma_page_count, pragma_page_size",
        )
        .fetch_one(&self.pool)
        .await
        .map_err(|error| self.failed(error))?;
        let (documents, bytes): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        Ok((u64::try_from(documents).unwrap_or(0), u64::try_from(bytes).unwrap_or(0)))
    }

    pub fn pool(&self) -> PoolState {
        let idle = self.pool.num_idle() as u64;
        let open = u64::from(self.pool.size());
        PoolState { idle, in_use: open.saturating_sub(idle), max: u64::from(self.config.size) }
    }
}

fn bind<'q>(query: Query<'q>, filter: &'q Filter) -> Query<'q> {
    query
        .bind(filter.category.as_deref())
        .bind(filter.language.as_deref())
        .bind(filter.tag.as_deref())
        .bind(filter.updated_from.map(|time| time.timestamp_micros()))
        .bind(filter.updated_before.map(|time| time.timestamp_micros()))
}

/// FTS5's query language. Words hold letters and digits only, so that nothing in them is taken for syntax.
fn expression(terms: &Terms, matching: Match) -> String {
    let quoted = |words: &[String]| format!("\"{}\"", words.join(" "));
    let joint = match matching {
        Match::All => " AND ",
        Match::Any => " OR ",
    };
    let mut text =
        format!("({})", terms.wanted.iter().map(|words| quoted(words)).collect::<Vec<_>>().join(joint));
    for words in &terms.unwanted {
        text = format!("({text} NOT {})", quoted(words));
    }
    text
}

fn document(row: &SqliteRow) -> Result<Document, sqlx::Error> {
    let time = |column: &str| -> Result<_, sqlx::Error> {
        Ok(DateTime::from_timestamp_micros(row.try_get(column)?).unwrap_or_default())
    };
    let tags: String = row.try_get("tags")?;
    Ok(Document {
        id: row.try_get("id")?,
        title: row.try_get("title")?,
        body: row.try_get("body")?,
        category: row.try_get("category")?,
        language: row.try_get("language")?,
        tags: serde_json::from_str(&tags).unwrap_or_default(),
        created_at: time("created_at")?,
        updated_at: time("updated_at")?,
    })
}
