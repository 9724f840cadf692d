-- The records of one import while it runs; dropped when it ends.
-- `todo`: this record's group has to be read again. `works_id`/`repair_id`: what the record became at an earlier import.
CREATE TEMP TABLE import_stage (
    row integer NOT NULL, line integer, record_key text NOT NULL, record_group text NOT NULL, content_hash bytea NOT NULL, raw text NOT NULL,
    works_id uuid, repair_id uuid, known boolean NOT NULL DEFAULT false, same boolean NOT NULL DEFAULT false, todo boolean NOT NULL DEFAULT true
);
-- Records that are there and cannot be read, or are older than what is stored: they have not vanished.
CREATE TEMP TABLE import_refused (record_key text NOT NULL);
-- After a full look: the records that the source no longer shows.
CREATE TEMP TABLE import_gone (record_key text NOT NULL, works_id uuid, repair_id uuid)
