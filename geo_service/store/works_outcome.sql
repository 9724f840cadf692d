-- What the batch means for each of its works: created, changed or unchanged. Works that had vanished or were deleted come back: changed.
UPDATE incoming_works i
SET outcome = CASE
    WHEN NOT i.known THEN 'created'
    WHEN (w.owner_id, w.title, w.description, w.reference, w.kind, w.category, w.utilities, w.specification, w.consequences, w.certainty, w.source_status,
          w.working_days, w.remark, w.building_id)
         IS DISTINCT FROM
         (i.owner_id, i.title, i.description, i.reference, i.kind, i.category, i.utilities, i.specification, i.consequences, i.certainty, i.source_status,
          i.working_days, i.remark, coalesce(i.building_id, w.building_id))
      OR w.vanished_at IS NOT NULL OR w.deleted_at IS NOT NULL
      OR EXISTS (SELECT FROM incoming_phases p WHERE p.n = i.n AND p.fate <> 'same')
    THEN 'changed'
    ELSE 'unchanged' END
FROM incoming_works j LEFT JOIN works w ON w.id = j.id
WHERE j.n = i.n
