//! Documents in PostgreSQL, with its own full-text search.

use super::{Filter, Found, Order, PoolConfig, PoolState, Search, Slice, StorageError};
use crate::documents::Document;
use crate::search::query::{Match, Terms};
use sqlx::postgres::{PgArguments, PgPool, PgPoolOptions, PgRow};
use sqlx::{Postgres as Database, Row as _};

type Query<'q> = sqlx::query::Query<'q, Database, PgArguments>;

/// The conditions of a [`Filter`], bound as parameters 1 to 5.
macro_rules! filtered {
    () => {
        "($1::text IS NULL OR d.category = $1) AND ($2::text IS NULL OR d.language = $2) \
         AND ($3::text IS NULL OR $3 = ANY(d.tags)) \
         AND ($4::timestamptz IS NULL OR d.updated_at >= $4) AND ($5::timestamptz IS NULL OR d.updated_at < $5)"
    };
}

/// The documents that a search finds; the words are parameter 6.
macro_rules! matched {
    () => {
        concat!(
            "FROM documents d, to_tsquery('simple', $6) AS query WHERE d.words @@ query AND ",
            filtered!()
        )
    };
}

/// Says that two instances that start at once create the tables one after the other.
const SETUP_LOCK: &str = "SELECT pg_advisory_xact_lock(7316)";

/// A pool of connections to one server.
#[derive(Clone)]
pub struct Postgres {
    pool: PgPool,
    config: PoolConfig,
}

impl Postgres {
    pub async fn connect(url: &str, config: PoolConfig) -> Result<Self, StorageError> {
        let pool = PgPoolOptions::new()
            .max_connections(config.size)
            .acquire_timeout(config.timeout)
            .connect(url)
            .await?;
        let mut transaction = pool.begin().await?;
        sqlx::query(SETUP_LOCK).execute(&mut *transaction).await?;
        sqlx::raw_sql(include_str!("postgres.sql")).execute(&mut *transaction).await?;
        transaction.commit().await?;
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
        let row = sqlx::query("SELECT d.* FROM documents d WHERE d.id = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(row.as_ref().map(document).transpose()?)
    }

    pub async fn put(&self, document: &Document, replace: bool) -> Result<bool, StorageError> {
        let statement = if replace {
            // The first time of writing stays. `xmax` is 0 in a row that was inserted.
            "INSERT INTO documents (id, title, body, category, language, tags, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET title = $2, body = $3, \
             category = $4, language = $5, tags = $6, updated_at = $8 RETURNING xmax <> 0"
        } else {
            "INSERT INTO documents (id, title, body, category, language, tags, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING RETURNING false"
        };
        let row = sqlx::query(statement)
            .bind(&document.id)
            .bind(&document.title)
            .bind(&document.body)
            .bind(&document.category)
            .bind(&document.language)
            .bind(&document.tags)
            .bind(document.created_at)
            .bind(document.updated_at)
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(match row {
            Some(row) => row.try_get(0)?,
            None => true,
        })
    }

    pub async fn delete(&self, id: &str) -> Result<bool, StorageError> {
        let done = sqlx::query("DELETE FROM documents WHERE id = $1")
            .bind(id)
            .execute(&self.pool)
            .await
            .map_err(|error| self.failed(error))?;
        Ok(done.rows_affected() > 0)
    }

    pub async fn list(&self, filter: &Filter, slice: Slice) -> Result<(u64, Vec<Document>), StorageError> {
        const COUNT: &str = concat!("SELECT count(*) FROM documents d WHERE ", filtered!());
        const LIST: &str =
            concat!("SELECT d.* FROM documents d WHERE ", filtered!(), " ORDER BY d.id LIMIT $6 OFFSET $7");
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
            "SELECT d.*, ts_rank(d.words, query)::float8 AS score ",
            matched!(),
            " ORDER BY score DESC, d.id LIMIT $7 OFFSET $8"
        );
        const NEWEST: &str = concat!(
            "SELECT d.*, ts_rank(d.words, query)::float8 AS score ",
            matched!(),
            " ORDER BY d.updated_at DESC, d.id LIMIT $7 OFFSET $8"
        );
        const FACETS: &str = concat!(
            "WITH found AS (SELECT d.category, d.language, d.tags ",
            matched!(),
            ") SELECT 'category' AS facet, category AS value, count(*) AS documents FROM found GROUP BY 2 \
             UNION ALL SELECT 'language', language, count(*) FROM found GROUP BY 2 \
             UNION ALL SELECT 'tag', tag, count(*) FROM found, unnest(found.tags) AS tag GROUP BY 2 \
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
            "SELECT d.id, d.title FROM documents d WHERE d.words @@ to_tsquery('simple', $1) \
             ORDER BY d.title, d.id LIMIT $2",
        )
        .bind(format!("'{prefix}':*A"))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await
        .map_err(|error| self.failed(error))?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    pub async fn size(&self) -> Result<(u64, u64), StorageError> {
        let row =
            sqlx::query("SELECT (SELECT count(*) FROM documents), pg_database_size(current_database())")
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
        .bind(filter.updated_from)
        .bind(filter.updated_before)
}

/// The language of `to_tsquery`. Words hold letters and digits only, so that nothing in them is taken for syntax.
fn expression(terms: &Terms, matching: Match) -> String {
    let phrase = |words: &[String]| {
        format!("({})", words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" <-> "))
    };
    let joint = match matching {
        Match::All => " & ",
        Match::Any => " | ",
    };
    let mut text =
        format!("({})", terms.wanted.iter().map(|words| phrase(words)).collect::<Vec<_>>().join(joint));
    for words in &terms.unwanted {
        text = format!("{text} & !{}", phrase(words));
    }
    text
}

fn document(row: &PgRow) -> Result<Document, sqlx::Error> {
    Ok(Document {
        id: row.try_get("id")?,
        title: row.try_get("title")?,
        body: row.try_get("body")?,
        category: row.try_get("category")?,
        language: row.try_get("language")?,
        tags: row.try_get("tags")?,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
    })
}
