-- Empty the list of records that the source no longer shows.
DELETE FROM import_gone
