-- Once all shapes are there: what looks them up by key.
CREATE INDEX ON base_stage (key);
ANALYZE base_stage
