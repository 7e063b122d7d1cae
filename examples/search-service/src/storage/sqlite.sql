CREATE TABLE IF NOT EXISTS documents (
    number     INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    title      TEXT NOT NULL,
    body       TEXT NOT NULL,
    category   TEXT NOT NULL,
    language   TEXT NOT NULL,
    tags       TEXT NOT NULL, -- a JSON array
    created_at INTEGER NOT NULL, -- microseconds since 1970
    updated_at INTEGER NOT NULL
);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (title, body, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
