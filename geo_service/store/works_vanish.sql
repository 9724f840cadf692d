-- Works that their source no longer shows. Neither cancelled nor released: the source may only have stopped showing them.
WITH vanished AS (
    UPDATE works SET vanished_at = now(), version = version + 1, updated_at = now()
    WHERE id = ANY(CAST(:works_ids AS uuid[])) AND vanished_at IS NULL AND deleted_at IS NULL
    RETURNING id
)
INSERT INTO source_changes (works_id, field, new_value, observed_on)
SELECT id, 'vanished', 'true', CAST(:observed_on AS date) FROM vanished
RETURNING works_id
