-- An empty schema for the views of other programs. The views before go: a migration may have changed what they stand on.
DROP SCHEMA IF EXISTS gis CASCADE;
CREATE SCHEMA gis;
