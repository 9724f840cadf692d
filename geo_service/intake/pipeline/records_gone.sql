-- After a full look: lay out the records that the source no longer shows. With a :box (storage CRS), only those whose works touch it.
INSERT INTO import_gone (record_key, works_id, repair_id)
SELECT r.record_key, r.works_id, r.repair_id
FROM source_records r
WHERE r.source = :source AND r.vanished_at IS NULL
  AND NOT EXISTS (SELECT FROM import_stage s WHERE s.record_key = r.record_key)
  AND NOT EXISTS (SELECT FROM import_refused f WHERE f.record_key = r.record_key)
  AND (CAST(:box AS geometry) IS NULL OR r.works_id IS NULL
       OR EXISTS (SELECT FROM phases p WHERE p.works_id = r.works_id AND ST_Intersects(p.geom, CAST(:box AS geometry))))
