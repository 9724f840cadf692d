-- Shapes of one reference map while it comes in; gone when its import ends.
DROP TABLE IF EXISTS base_stage, base_refused;
CREATE TEMP TABLE base_stage (row integer NOT NULL, line integer, key text NOT NULL, data jsonb NOT NULL, geom geometry(Geometry, 31370) NOT NULL);
-- Shapes that are there and cannot be read: they have not gone.
CREATE TEMP TABLE base_refused (key text NOT NULL)
