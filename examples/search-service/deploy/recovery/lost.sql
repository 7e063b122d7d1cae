-- Which acknowledged writes are missing: the client's journal, joined with what is there.
--   psql -At -v failed=MICROSECONDS -f lost.sql < journal.tsv
-- `failed` is the time of the failure since 1970. A client that wrote nothing lost nothing, however old its last write is.
\set ON_ERROR_STOP on
\set QUIET on
CREATE TEMPORARY TABLE journal (at bigint, id text COLLATE "C");
\copy journal FROM pstdin
SELECT 'acknowledged ' || count(*) || ', lost ' || count(*) FILTER (WHERE documents.id IS NULL)
FROM journal LEFT JOIN documents USING (id);
SELECT 'the oldest lost write was ' || round(greatest(coalesce(max(:failed - at), 0), 0) / 1e6, 3) || ' seconds before the failure'
FROM journal LEFT JOIN documents USING (id)
WHERE documents.id IS NULL;
