-- What the service takes for granted of its documents, and a sum over all of them.
--   psql -At -f sound.sql
\set ON_ERROR_STOP on
SELECT CASE count(*) WHEN 0 THEN 'every document is whole' ELSE count(*) || ' documents are broken' END
FROM documents
WHERE title = '' OR updated_at < created_at
   OR words <> setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', body), 'D');
SELECT 'sum of all rows ' || md5(string_agg(md5(documents::text), '' ORDER BY id)) FROM documents;
