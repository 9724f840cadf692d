-- One vector tile (WebMercatorQuad) with every layer that the viewer draws, each a select of its own in layers/.
-- Who sees which row is said once, in store/visible_*.sql: a reader confined to one owner group (`party`) gets its own works, the conflicts
-- that touch them, and nothing on repairs.
-- Each layer has a constant of its name, true or false: PostgreSQL neither plans nor runs a layer that is false.
-- Of a layer what shares a day with `first` … `last` (both included; null: open), what belongs to `owner` or touches its works (an organisation or
-- an owner group, by name or id), and what a conflict concerns that `department` follows up or is told of. Ground, buildings and streets have neither
-- days, owners nor departments. What is done is there in days that are over, where these are asked for.
-- The tile's box is brought to the storage CRS once, so that each table's index is used; only what is drawn is brought to Web Mercator.
-- The further away, the less: a coarser grid, no attributes that nobody reads there, ground of one kind as one area (terraced houses become blocks),
-- no footpaths below zoom 15 and no houses below 14. At most 60 kB (gzip) in a dense town, at any zoom.
WITH box AS MATERIALIZED (
    SELECT ST_TileEnvelope(:z, :x, :y) AS mercator,
           ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 0.03125), 31370) AS lambert,
           CASE WHEN :z < 15 THEN 1024 WHEN :z < 16 THEN 2048 ELSE 4096 END AS extent,
           daterange(CAST(:first AS date), CAST(:last AS date), '[]') AS days,
           CASE WHEN CAST(:first AS date) IS NULL AND CAST(:last AS date) IS NULL THEN 'empty'
                ELSE daterange(CAST(:first AS date), CAST(:last AS date), '[]') * daterange(NULL, CAST(:today AS date)) END AS over,
           lower(btrim(CAST(:owner AS text))) AS owner,
           CAST(:department AS text) AS department,
           49330.0 / (1 << :z) AS pixel_m -- on the ground, of a tile of 512 pixels at the latitude of Flanders
), followed AS MATERIALIZED (
    SELECT c.id, c.works_ids, c.repair_id
    FROM conflicts c CROSS JOIN box
    WHERE box.department IS NOT NULL AND NOT c.shadow AND
\ir ../store/conflict_of_department.sql
    AND
\ir ../store/conflict_is_live.sql
), followed_works AS MATERIALIZED (
    SELECT DISTINCT unnest(works_ids) AS id FROM followed
)
SELECT CASE WHEN :ground THEN (
\ir layers/ground.sql
) ELSE '' END
    || CASE WHEN :pavements THEN (
\ir layers/pavements.sql
) ELSE '' END
    || CASE WHEN :buildings THEN (
\ir layers/buildings.sql
) ELSE '' END
    || CASE WHEN :streets THEN (
\ir layers/streets.sql
) ELSE '' END
    || CASE WHEN :works THEN (
\ir layers/works.sql
) ELSE '' END
    || CASE WHEN :repairs THEN (
\ir layers/repairs.sql
) ELSE '' END
    || CASE WHEN :conflicts THEN (
\ir layers/conflicts.sql
) ELSE '' END
    || CASE WHEN :conflict_streets THEN (
\ir layers/conflict_streets.sql
) ELSE '' END
    || CASE WHEN :guarantees THEN (
\ir layers/guarantees.sql
) ELSE '' END
    || CASE WHEN :new_surfaces THEN (
\ir layers/new_surfaces.sql
) ELSE '' END
    || CASE WHEN :protections THEN (
\ir layers/protections.sql
) ELSE '' END
    || CASE WHEN :holds THEN (
\ir layers/holds.sql
) ELSE '' END
    || CASE WHEN :requests THEN (
\ir layers/requests.sql
) ELSE '' END AS tile
FROM box
