-- How many works and repairs of this source were open before this look, inside the :box (storage CRS) if there is one.
SELECT (
    SELECT count(*) FROM works w
    WHERE w.source = :source AND w.certainty NOT IN ('done', 'cancelled') AND w.deleted_at IS NULL AND w.vanished_at IS NULL
      -- not what only an export told of, which this source never showed
      AND EXISTS (SELECT FROM source_records s WHERE s.source = :source AND s.works_id = w.id AND s.vanished_at IS NULL)
      AND EXISTS (SELECT FROM phases p
                  WHERE p.works_id = w.id AND upper(p.during) > CAST(:today AS date)
                    AND (CAST(:box AS geometry) IS NULL OR ST_Intersects(p.geom, CAST(:box AS geometry))))
) + (
    SELECT count(*) FROM repairs r
    WHERE r.source = :source AND r.status NOT IN ('done', 'cancelled') AND r.deleted_at IS NULL
      AND EXISTS (SELECT FROM source_records s WHERE s.source = :source AND s.repair_id = r.id AND s.vanished_at IS NULL)
) AS open
