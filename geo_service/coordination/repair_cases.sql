-- Repairs that are not finished, with each conflict that concerns them and the works behind it, in the words a person is told.
SELECT r.id AS repair_id, r.scope, r.urgency, lower(r.planned) AS planned_from, upper(r.planned) AS planned_until, r.latest_on, CAST(r.reported_at AS date) AS reported_on, r.verdict, r.verdict_until,
       r.held, c.rule_id, c.rule_version, c.severity, c.blocking, c.status, c.agreement, c.facts, c.b, c.b_origin_id, w.id AS works_id, w.title, w.remark, w.source, w.source_id, o.name AS owner,
       g.kind AS owner_kind, w.finished_on, w.working_days,
       CASE WHEN w.vanished_at IS NOT NULL THEN (
           SELECT max(s.observed_on) FROM source_changes s
           WHERE s.works_id = w.id AND s.field = 'vanished' AND s.new_value IS NOT NULL) END AS vanished_on
FROM repairs r
LEFT JOIN (conflicts c
    JOIN works w ON w.id = CAST(c.b ->> 'works_id' AS uuid)
    JOIN organisations o ON o.id = w.owner_id
    JOIN owner_groups g ON g.id = o.owner_group_id)
  ON c.repair_id = r.id AND NOT c.shadow AND
\ir ../store/conflict_is_live.sql
WHERE r.id = ANY(CAST(:repair_ids AS uuid[])) AND r.deleted_at IS NULL AND r.status NOT IN ('done', 'cancelled')
ORDER BY r.id, c.number
