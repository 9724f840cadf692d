-- Works of which these figures may speak: of these certainties, and of the owner group beside each (null: of any owner).
-- Parameters: owner_groups, certainties (as long as each other).
SELECT w.id
FROM works w
JOIN organisations o ON o.id = w.owner_id
WHERE w.deleted_at IS NULL AND EXISTS (
    SELECT FROM unnest(CAST(:owner_groups AS text[]), CAST(:certainties AS text[])) AS figure (owner_group_id, certainty)
    WHERE figure.certainty = w.certainty AND coalesce(figure.owner_group_id, o.owner_group_id) = o.owner_group_id)
ORDER BY w.id
