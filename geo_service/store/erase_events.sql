-- A pseudonym for a person in the trails of conflicts: what it did, and what it was asked to do. Parameters: actor_id, name, pseudonym.
UPDATE conflict_events SET
    actor = CASE WHEN actor = :name THEN :pseudonym ELSE actor END,
    details = CAST(replace(CAST(details AS text), CAST(to_jsonb(CAST(:name AS text)) AS text), CAST(to_jsonb(CAST(:pseudonym AS text)) AS text)) AS jsonb)
WHERE actor_id = :actor_id
   OR actor_id IS NULL AND actor = :name
   OR position(CAST(to_jsonb(CAST(:name AS text)) AS text) IN CAST(details AS text)) > 0
