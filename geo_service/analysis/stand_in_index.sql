-- What the search of detect.sql counts on, for the claims of stand_in.sql.
CREATE INDEX ON pg_temp.claims USING gist (geom, daterange(starts, ends));
ANALYZE pg_temp.claims;
ANALYZE pg_temp.rules
