-- Of these pairs, those that are stored as conflicts, with what their status was decided on. `:pairs` is a JSON list.
SELECT c.rule_id, c.a_kind, c.a_origin_id, c.b_kind, c.b_origin_id, c.id, c.number, c.status, c.agreement, c.severity, c.blocking, c.a, c.b
FROM jsonb_to_recordset(CAST(:pairs AS jsonb)) AS p (rule_id text, a_kind text, a_origin_id uuid, b_kind text, b_origin_id uuid)
JOIN conflicts c ON (c.rule_id, c.a_kind, c.a_origin_id, c.b_kind, c.b_origin_id) = (p.rule_id, p.a_kind, p.a_origin_id, p.b_kind, p.b_origin_id)
