-- Suggest which reports are of one defect: same category, near each other in metres and days. The later report is the double of the
-- earliest one that is no double itself; a pair that somebody refused is not suggested again.
-- Looked at anew: these repairs, later reports near them, and suggestions that name them.
WITH subject AS (
    SELECT r.* FROM repairs r WHERE r.id = ANY(CAST(:repair_ids AS uuid[]))
), affected AS (
    SELECT id FROM subject
    UNION
    SELECT later.id FROM subject s
    JOIN repairs later ON later.category = s.category AND ST_DWithin(later.geom, s.geom, :within_m)
     AND (later.reported_at, later.id) > (s.reported_at, s.id) AND later.reported_at <= s.reported_at + make_interval(days => :within_days)
    UNION
    SELECT d.repair_id FROM duplicates d WHERE d.of_id = ANY(CAST(:repair_ids AS uuid[])) AND d.status = 'suggested'
), best AS (
    SELECT DISTINCT ON (later.id) later.id AS repair_id, earlier.id AS of_id,
           round(CAST(ST_Distance(later.geom, earlier.geom) AS numeric), 1) AS distance_m,
           CAST(extract(epoch FROM later.reported_at - earlier.reported_at) / 86400 AS integer) AS days_apart
    FROM affected
    JOIN repairs later ON later.id = affected.id AND later.status = 'requested' AND later.deleted_at IS NULL
    JOIN repairs earlier ON earlier.category = later.category AND ST_DWithin(earlier.geom, later.geom, :within_m)
     AND (earlier.reported_at, earlier.id) < (later.reported_at, later.id)
     AND earlier.reported_at >= later.reported_at - make_interval(days => :within_days)
     AND earlier.status IN ('requested', 'scheduled', 'in_progress') AND earlier.deleted_at IS NULL
    LEFT JOIN duplicates double ON double.repair_id = earlier.id AND double.status <> 'refused'
    WHERE NOT EXISTS (SELECT FROM duplicates d WHERE d.status = 'refused'
                      AND ((d.repair_id = later.id AND d.of_id = earlier.id) OR (d.repair_id = earlier.id AND d.of_id = later.id)))
    ORDER BY later.id, double.repair_id IS NOT NULL, earlier.reported_at, earlier.id
), gone AS (
    DELETE FROM duplicates d
    WHERE d.status = 'suggested' AND d.repair_id IN (SELECT id FROM affected) AND d.repair_id NOT IN (SELECT repair_id FROM best)
)
INSERT INTO duplicates AS d (repair_id, of_id, status, distance_m, days_apart)
SELECT repair_id, of_id, 'suggested', distance_m, days_apart FROM best
ON CONFLICT (repair_id) WHERE status <> 'refused' DO UPDATE
SET of_id = excluded.of_id, distance_m = excluded.distance_m, days_apart = excluded.days_apart, suggested_at = now()
WHERE d.status = 'suggested' AND (d.of_id, d.distance_m, d.days_apart) IS DISTINCT FROM (excluded.of_id, excluded.distance_m, excluded.days_apart)
