-- The footpath renewals of the programme, by the number and street that they have there.
SELECT id, source_id AS number, coalesce(description, '') AS street FROM repairs ORDER BY source_id
