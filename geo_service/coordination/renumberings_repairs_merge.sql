-- These repairs live on with what came in under their new id; what was finished, cancelled or begun here stays so, and so does the last
-- day that a person gave where the new record has none. Parameters: ids (of renumberings).
UPDATE repairs o
SET owner_id = n.owner_id, category = n.category, scope = n.scope, urgency = n.urgency, geom = n.geom, description = n.description,
    remark = n.remark, planned = n.planned, latest_on = coalesce(n.latest_on, o.latest_on),
    status = CASE WHEN kept THEN o.status ELSE n.status END,
    finished_on = CASE WHEN kept THEN o.finished_on ELSE n.finished_on END,
    finished_scope = CASE WHEN kept THEN o.finished_scope ELSE n.finished_scope END,
    area_m2 = CASE WHEN kept THEN o.area_m2 ELSE n.area_m2 END, cost_eur = CASE WHEN kept THEN o.cost_eur ELSE n.cost_eur END,
    version = o.version + 1, updated_at = now()
FROM renumberings r
JOIN repairs n ON n.id = r.new_id
JOIN repairs before ON before.id = r.old_id
CROSS JOIN LATERAL (
    SELECT before.status IN ('done', 'cancelled') OR before.status = 'in_progress' AND n.status IN ('requested', 'scheduled') AS kept
) state
WHERE o.id = r.old_id AND r.id = ANY(CAST(:ids AS uuid[]))
