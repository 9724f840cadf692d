-- Tables named claims and rules for this transaction alone: pg_temp comes first in the search path, so the statement of the
-- detection reads them instead of the stored ones.
CREATE TEMP TABLE rules ON COMMIT DROP AS SELECT * FROM rules WITH NO DATA;
CREATE TEMP TABLE claims (LIKE claims INCLUDING IDENTITY) ON COMMIT DROP
