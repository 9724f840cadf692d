-- The views of other programs stand on columns that a migration may change; whoever prepares the database makes them again.
DROP SCHEMA IF EXISTS gis CASCADE
