-- One tile of phases, with nothing of a server around it. Parameters: z, x, y.
SELECT ST_AsMVT(t, 'phases', 4096, 'geom') AS tile
FROM (
    SELECT id, owner, source, source_id, certainty, kind, category, starts_on, ends_on, title, opens_surface,
           ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope(:z, :x, :y)) AS geom
    FROM bench_serve.phases WHERE geom && ST_Transform(ST_TileEnvelope(:z, :x, :y), 31370)
) t
