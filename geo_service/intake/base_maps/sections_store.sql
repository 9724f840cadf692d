-- Make the stored sections of these shapes equal to the fresh ones; a section that is still there keeps its id. Parameters: base_ids.
WITH gone AS (
    DELETE FROM pavement_sections v
    WHERE v.base_id = ANY(CAST(:base_ids AS bigint[]))
      AND NOT EXISTS (SELECT FROM fresh_sections f WHERE (f.source, f.code) = (v.source, v.code))
)
INSERT INTO pavement_sections AS v (source, code, kind, street, side, number_from, number_to, material, laid_on, derived, base_id, geom)
SELECT f.source, f.code, f.kind, f.street, f.side, f.number_from, f.number_to, f.material, f.laid_on, f.derived, f.base_id, f.geom
FROM fresh_sections f
ORDER BY f.geom
ON CONFLICT (source, code) DO UPDATE SET
    kind = excluded.kind, street = excluded.street, side = excluded.side, number_from = excluded.number_from, number_to = excluded.number_to,
    material = excluded.material, laid_on = excluded.laid_on, derived = excluded.derived, base_id = excluded.base_id, geom = excluded.geom
WHERE (v.kind, v.street, v.side, v.number_from, v.number_to, v.material, v.laid_on, v.derived, v.base_id) IS DISTINCT FROM
      (excluded.kind, excluded.street, excluded.side, excluded.number_from, excluded.number_to, excluded.material, excluded.laid_on,
       excluded.derived, excluded.base_id)
   OR NOT ST_OrderingEquals(v.geom, excluded.geom)
