-- These reports are of the same defect as that one, whatever was said of them before.
INSERT INTO duplicates AS d (repair_id, of_id, status, distance_m, days_apart, decided_at, decided_by)
SELECT r.id, main.id, 'confirmed', round(CAST(ST_Distance(r.geom, main.geom) AS numeric), 1),
       CAST(abs(extract(epoch FROM r.reported_at - main.reported_at)) / 86400 AS integer), now(), :actor
FROM repairs r
JOIN repairs main ON main.id = :of_id
WHERE r.id = ANY(CAST(:repair_ids AS uuid[]))
ON CONFLICT (repair_id, of_id) DO UPDATE SET status = 'confirmed', decided_at = now(), decided_by = excluded.decided_by
