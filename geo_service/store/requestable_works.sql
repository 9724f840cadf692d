-- What a request to the owner of these works is about: the days of the works, and the repairs on their ground that are not over.
-- Parameters: works_id, repair_ids (null: all of them).
SELECT w.id, w.category, w.source, w.source_id, w.title, w.certainty, w.vanished_at, o.name AS owner, o.owner_group_id,
       days.starts_on, days.ends_on,
       ARRAY(SELECT DISTINCT c.repair_id FROM conflicts c JOIN repairs r ON r.id = c.repair_id
             WHERE c.works_ids && ARRAY[w.id] AND c.rule_id IN ('wasted_repair', 'repair_during_works') AND NOT c.shadow
               AND r.deleted_at IS NULL AND r.status NOT IN ('done', 'cancelled')
               AND (CAST(:repair_ids AS uuid[]) IS NULL OR c.repair_id = ANY(CAST(:repair_ids AS uuid[]))) AND
\ir conflict_is_live.sql
             ORDER BY 1) AS repair_ids
FROM works w
JOIN organisations o ON o.id = w.owner_id
CROSS JOIN LATERAL (
\ir works_days.sql
) days
WHERE w.id = CAST(:works_id AS uuid) AND w.deleted_at IS NULL
