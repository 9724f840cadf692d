-- Records under a former id of works or a repair that got another id since belong to it, unless the source shows both: then they are two.
-- Of several former ids of one, that of the newest decision counts.
WITH former AS (
    SELECT DISTINCT ON (live.source_id) r.old_source_id AS before, live.source_id AS now_
    FROM renumberings r
    JOIN (SELECT id, source_id FROM works WHERE source = :source AND deleted_at IS NULL
          UNION ALL
          SELECT id, source_id FROM repairs WHERE source = :source AND deleted_at IS NULL) live ON live.id = r.old_id
    WHERE r.source = :source AND r.status = 'confirmed' AND r.old_source_id <> live.source_id
      AND EXISTS (SELECT FROM import_stage s WHERE s.record_group = r.old_source_id)
      AND NOT EXISTS (SELECT FROM import_stage s WHERE s.record_group = live.source_id)
      AND NOT EXISTS (SELECT FROM works w WHERE (w.source, w.source_id) = (r.source, r.old_source_id) AND w.deleted_at IS NULL)
      AND NOT EXISTS (SELECT FROM repairs p WHERE (p.source, p.source_id) = (r.source, r.old_source_id) AND p.deleted_at IS NULL)
    ORDER BY live.source_id, r.decided_at DESC, r.id
)
UPDATE import_stage s
SET record_group = former.now_, record_key = CASE WHEN s.record_key = s.record_group THEN former.now_ ELSE s.record_key END
FROM former
WHERE s.record_group = former.before
