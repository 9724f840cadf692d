-- The state after a full run, to compare (stored_differs.sql).
DROP TABLE IF EXISTS stored_after;
CREATE TEMP TABLE stored_after ON COMMIT DROP AS
\ir stored.sql
