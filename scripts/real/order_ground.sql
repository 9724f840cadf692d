-- The ground of one renewal (works_id null) and of the works named, one row each.
SELECT CAST(NULL AS uuid) AS works_id, geom FROM claims WHERE kind = 'repair' AND repair_id = :repair_id
UNION ALL
SELECT works_id, ST_Union(geom) FROM claims WHERE kind = 'opening' AND works_id = ANY(CAST(:works_ids AS uuid[])) GROUP BY works_id
