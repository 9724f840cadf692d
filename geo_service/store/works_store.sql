-- Write the works that are new or changed. A building that they are about stays until another one is named.
-- Works that become done were finished on the last day they planned, or today if that is earlier.
INSERT INTO works AS w (id, source, source_id, owner_id, title, description, reference, kind, category, utilities, specification, consequences, certainty,
    source_status, working_days, building_id, layer, remark, finished_on)
SELECT i.id, i.source, i.source_id, i.owner_id, i.title, i.description, i.reference, i.kind, i.category, i.utilities, i.specification, i.consequences, i.certainty,
       i.source_status, i.working_days, i.building_id, i.layer, i.remark,
       CASE WHEN i.certainty = 'done' THEN least(CAST(:observed_on AS date), (
           SELECT max(upper(p.during)) FROM incoming_phases p WHERE p.n = i.n AND p.fate <> 'gone')) END
FROM incoming_works i
WHERE i.outcome <> 'unchanged'
ORDER BY i.n
ON CONFLICT (source, source_id) DO UPDATE SET
    owner_id = excluded.owner_id, title = excluded.title, description = excluded.description, reference = excluded.reference,
    kind = excluded.kind, category = excluded.category, utilities = excluded.utilities, specification = excluded.specification, consequences = excluded.consequences,
    certainty = excluded.certainty, source_status = excluded.source_status, working_days = excluded.working_days,
    layer = excluded.layer, remark = excluded.remark, building_id = coalesce(excluded.building_id, w.building_id),
    finished_on = CASE WHEN excluded.certainty = 'done' AND w.certainty = 'done' THEN coalesce(w.finished_on, excluded.finished_on)
                       ELSE excluded.finished_on END,
    vanished_at = NULL, deleted_at = NULL, version = w.version + 1, updated_at = now()
