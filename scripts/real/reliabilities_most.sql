-- What was learnt: of all owners, and of the owners with the most works.
SELECT coalesce(owner_group_id, 'all owners') AS owner, certainty, observations AS works, slack_before_days, slack_after_days, probability
FROM reliabilities
WHERE owner_group_id IS NULL OR observations >= 40
ORDER BY owner_group_id NULLS FIRST, array_position(ARRAY['indicative', 'planned', 'confirmed', 'in_progress'], certainty)
