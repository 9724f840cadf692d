-- Shapes of one reference map while it comes in; gone when its import ends.
CREATE TEMP TABLE base_stage (row integer NOT NULL, line integer, key text NOT NULL, data jsonb NOT NULL, geom geometry(Geometry, 31370) NOT NULL)
