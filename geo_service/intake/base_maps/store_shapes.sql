-- Store the shapes of a layer that are new or differ, note the squares in which something changed, and count.
-- Parameters: source, layer.
WITH before AS (
    SELECT b.source_id AS key, b.geom
    FROM base_shapes b JOIN base_stage s ON s.key = b.source_id
    WHERE b.source = :source AND b.layer = :layer
), written AS (
    INSERT INTO base_shapes AS b (source, layer, source_id, kind, name, name_right, side, number_from, number_to, material, laid_on, derived, geom)
    SELECT :source, :layer, s.key, d.kind, d.name, d.name_right, d.side, d.number_from, d.number_to, d.material, d.laid_on, coalesce(d.derived, false), s.geom
    FROM base_stage s
    CROSS JOIN LATERAL jsonb_to_record(s.data)
        AS d (kind text, name text, name_right text, side text, number_from text, number_to text, material text, laid_on date,
              derived boolean)
    ORDER BY s.geom
    ON CONFLICT (source, layer, source_id) DO UPDATE SET
        kind = excluded.kind, name = excluded.name, name_right = excluded.name_right, side = excluded.side, number_from = excluded.number_from,
        number_to = excluded.number_to, material = excluded.material, laid_on = excluded.laid_on, derived = excluded.derived, geom = excluded.geom
    WHERE (b.kind, b.name, b.name_right, b.side, b.number_from, b.number_to, b.material, b.laid_on, b.derived) IS DISTINCT FROM
          (excluded.kind, excluded.name, excluded.name_right, excluded.side, excluded.number_from, excluded.number_to, excluded.material, excluded.laid_on,
           excluded.derived)
       OR NOT ST_OrderingEquals(b.geom, excluded.geom)
    RETURNING b.source_id AS key, b.geom, b.xmax = 0 AS is_new
), touched AS (
    SELECT geom FROM written UNION ALL SELECT before.geom FROM before JOIN written USING (key)
), marked AS (
\ir mark.sql
)
SELECT count(*) FILTER (WHERE is_new) AS created, count(*) FILTER (WHERE NOT is_new) AS changed FROM written
