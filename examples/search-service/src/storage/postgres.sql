CREATE TABLE IF NOT EXISTS documents (
    id         TEXT COLLATE "C" PRIMARY KEY,
    title      TEXT COLLATE "C" NOT NULL,
    body       TEXT NOT NULL,
    category   TEXT COLLATE "C" NOT NULL,
    language   TEXT COLLATE "C" NOT NULL,
    tags       TEXT[] COLLATE "C" NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    words      TSVECTOR NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', body), 'D')
    ) STORED
);
CREATE INDEX IF NOT EXISTS documents_words ON documents USING gin (words);
