-- Drop the tables of stage.sql.
DROP TABLE IF EXISTS import_stage, import_gone, import_refused
