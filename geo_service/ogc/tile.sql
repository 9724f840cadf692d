-- One vector tile (WebMercatorQuad) with every layer that the viewer draws, each a select of its own in layers/.
-- Who sees which row is said once, in store/visible_*.sql: a reader confined to one owner group (`party`) gets its own works, the conflicts
-- that touch them, and nothing on repairs.
-- The tile's box is brought to the storage CRS once, so that each table's index is used; only what is drawn is brought to Web Mercator.
-- The further away, the less: a coarser grid, no attributes that nobody reads there, ground of one kind as one area (terraced houses become blocks),
-- no footpaths below zoom 15 and no houses below 14. At most 60 kB (gzip) in a dense town, at any zoom.
WITH box AS MATERIALIZED (
    SELECT ST_TileEnvelope(:z, :x, :y) AS mercator,
           ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.03125), 31370) AS lambert,
           CASE WHEN :z < 15 THEN 1024 WHEN :z < 16 THEN 2048 ELSE 4096 END AS extent,
           49330.0 / (1 << :z) AS pixel_m -- on the ground, of a tile of 512 pixels at the latitude of Flanders
)
SELECT (
\ir layers/ground.sql
) || (
\ir layers/pavements.sql
) || (
\ir layers/buildings.sql
) || (
\ir layers/streets.sql
) || (
\ir layers/works.sql
) || (
\ir layers/repairs.sql
) || (
\ir layers/conflicts.sql
) || (
\ir layers/guarantees.sql
) || (
\ir layers/new_surfaces.sql
) AS tile
