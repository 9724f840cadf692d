-- The footpath renewals of the programme, by the number, street and days that they have there.
SELECT id, source_id AS number, coalesce(description, '') AS street, lower(planned) AS planned_from, upper(planned) AS planned_until
FROM repairs ORDER BY source_id
