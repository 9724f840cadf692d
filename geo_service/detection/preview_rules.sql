-- A table of rules for this transaction alone: pg_temp comes first in the search path, so detect.sql reads it instead of the real one.
CREATE TEMP TABLE rules ON COMMIT DROP AS SELECT * FROM rules WITH NO DATA
