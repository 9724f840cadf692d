-- Once all records are there: what looks them up.
CREATE UNIQUE INDEX ON import_stage (row);
CREATE INDEX ON import_stage (record_group);
CREATE INDEX ON import_stage (record_key);
ANALYZE import_stage
