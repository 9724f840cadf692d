-- The footpath renewals of the programme, by the number, street and days that they have there, and the programme's works in that street.
SELECT r.id, r.source_id AS number, coalesce(r.description, '') AS street, lower(r.planned) AS planned_from, upper(r.planned) AS planned_until,
       ARRAY(SELECT w.id FROM works w WHERE w.source = 'osiris-programme' AND lower(w.title) = lower(r.description)) AS own_ids
FROM repairs r ORDER BY r.source_id
