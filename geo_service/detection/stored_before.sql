-- The state before a full run, to compare (stored_differs.sql).
DROP TABLE IF EXISTS stored_before;
CREATE TEMP TABLE stored_before ON COMMIT DROP AS
\ir stored.sql
