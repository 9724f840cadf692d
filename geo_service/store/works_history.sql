-- What was observed of these works, the latest first: the change of a field of the works, or of one of their phases, and the day on which it was seen. Of ground only that
-- it moved. Parameter: works_id.
SELECT c.field, c.phase_key IS NOT NULL AS of_phase, c.observed_on, c.observed_at,
       CASE WHEN c.field <> 'geometry' THEN c.old_value END AS old_value, CASE WHEN c.field <> 'geometry' THEN c.new_value END AS new_value
FROM source_changes c
WHERE c.works_id = :works_id
ORDER BY c.id DESC
LIMIT 500
