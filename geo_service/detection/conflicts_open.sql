-- What was found becomes stored conflicts: a new pair opens one, a pair that had gone opens it again, a known pair gets its new facts.
-- Agreed, settled and accepted conflicts stay so as long as their severity, days and hold stay the same; else they open again.
-- An agreement is about works: it also stands when the repair gets other days, and goes along to another rule by which the two meet.
-- A dig of which one record ends goes by another of its records: what people decided stands there too, on the same terms, and whoever follows it up still does.
WITH previous AS (
    SELECT c.id, c.status, c.agreement, c.shadow, c.severity, c.blocking, c.a, c.b
    FROM conflicts c
    JOIN found_conflicts f ON (f.rule_id, f.a_kind, f.a_origin_id, f.b_kind, f.b_origin_id) = (c.rule_id, c.a_kind, c.a_origin_id, c.b_kind, c.b_origin_id)
), agreement_in_force AS (  -- what was agreed on for a repair with works
    SELECT DISTINCT ON (c.repair_id, c.b_origin_id) c.repair_id, c.b_origin_id, c.status, c.agreement, c.b
    FROM conflicts c
    WHERE c.repair_id IN (SELECT repair_id FROM found_conflicts) AND c.status IN ('agreed', 'settled') AND c.agreement IS NOT NULL
    ORDER BY c.repair_id, c.b_origin_id, c.updated_at DESC, c.id
), fresh AS (  -- pairs that were not there a moment ago
    SELECT f.* FROM found_conflicts f
    WHERE NOT EXISTS (SELECT FROM conflicts c
                      WHERE (c.rule_id, c.a_kind, c.a_origin_id, c.b_kind, c.b_origin_id) = (f.rule_id, f.a_kind, f.a_origin_id, f.b_kind, f.b_origin_id) AND
\ir ../store/conflict_is_live.sql
                     )
), name_before AS (  -- fresh pairs, and the live conflict of the same records under the name that their dig had; its sides `a` and `b` as they are now
    SELECT f.rule_id, f.a_origin_id, f.b_origin_id, c.id, c.a, c.b
    FROM fresh f
    JOIN conflicts c ON c.repair_id = f.repair_id AND c.rule_id = f.rule_id AND c.works_ids && f.works_ids AND c.b_origin_id <> f.b_origin_id
    UNION ALL
    SELECT f.rule_id, f.a_origin_id, f.b_origin_id, c.id, side.a, side.b
    FROM fresh f
    JOIN conflicts c ON c.works_ids && f.works_ids AND c.rule_id = f.rule_id AND c.repair_id IS NULL
        AND (c.building_id, c.street_id) IS NOT DISTINCT FROM (f.building_id, f.street_id)
    CROSS JOIN LATERAL (VALUES (c.a, c.b), (c.b, c.a)) side (a, b)
    WHERE f.repair_id IS NULL AND f.works_ids <> '{}'
      AND (f.a -> 'works_ids' = '[]' OR side.a -> 'works_ids' ?| ARRAY(SELECT jsonb_array_elements_text(f.a -> 'works_ids')))
      AND (f.b -> 'works_ids' = '[]' OR side.b -> 'works_ids' ?| ARRAY(SELECT jsonb_array_elements_text(f.b -> 'works_ids')))
), heir AS (  -- what people decided under that name, and whom they asked
    SELECT DISTINCT ON (f.rule_id, f.a_origin_id, f.b_origin_id) f.rule_id, f.a_origin_id, f.b_origin_id, c.department, c.person, c.due_on,
           CASE WHEN stands OR c.status = 'acknowledged' THEN c.status END AS status, CASE WHEN stands THEN c.agreement END AS agreement
    FROM fresh f
    JOIN name_before n USING (rule_id, a_origin_id, b_origin_id)
    JOIN conflicts c ON c.id = n.id
    CROSS JOIN LATERAL (
        SELECT c.status IN ('agreed', 'settled', 'accepted_risk')
           AND (c.severity, c.blocking, n.a ->> 'stated_starts_on', n.a ->> 'stated_ends_on', n.b ->> 'stated_starts_on', n.b ->> 'stated_ends_on')
               IS NOT DISTINCT FROM (f.severity, f.blocking, f.a ->> 'stated_starts_on', f.a ->> 'stated_ends_on', f.b ->> 'stated_starts_on', f.b ->> 'stated_ends_on')
           AS stands
    ) decision
    WHERE
\ir ../store/conflict_is_live.sql
      AND NOT EXISTS (SELECT FROM found_conflicts still
                      WHERE (still.rule_id, still.a_origin_id, still.b_origin_id) = (c.rule_id, c.a_origin_id, c.b_origin_id))
    ORDER BY f.rule_id, f.a_origin_id, f.b_origin_id, stands DESC, c.updated_at DESC, c.id
), upsert AS (
    INSERT INTO conflicts AS c (rule_id, rule_version, shadow, a_kind, a_origin_id, b_kind, b_origin_id, a, b, works_ids, repair_id,
        building_id, street_id, severity, opportunity, blocking, facts, over_on, geom, status, agreement, open_since,
        department, person, due_on)
    SELECT f.rule_id, f.rule_version, f.shadow, f.a_kind, f.a_origin_id, f.b_kind, f.b_origin_id, f.a, f.b, f.works_ids, f.repair_id,
        f.building_id, f.street_id, f.severity, f.opportunity, f.blocking, f.facts, f.over_on, f.geom, coalesce(w.status, h.status, 'open'), coalesce(w.agreement, h.agreement), CAST(:today AS date),
        h.department, h.person, h.due_on
    FROM found_conflicts f
    LEFT JOIN agreement_in_force w ON f.rule_id IN ('wasted_repair', 'repair_during_works') AND (w.repair_id, w.b_origin_id) = (f.repair_id, f.b_origin_id)
     AND (w.b ->> 'stated_starts_on', w.b ->> 'stated_ends_on') = (f.b ->> 'stated_starts_on', f.b ->> 'stated_ends_on')
    LEFT JOIN heir h ON (h.rule_id, h.a_origin_id, h.b_origin_id) = (f.rule_id, f.a_origin_id, f.b_origin_id)
    ORDER BY f.rule_id, f.a_kind, f.a_origin_id, f.b_kind, f.b_origin_id
    ON CONFLICT ON CONSTRAINT conflicts_pair_uq DO UPDATE SET
        rule_version = excluded.rule_version, shadow = excluded.shadow, a = excluded.a, b = excluded.b, works_ids = excluded.works_ids,
        severity = excluded.severity, opportunity = excluded.opportunity, blocking = excluded.blocking, facts = excluded.facts,
        over_on = excluded.over_on, geom = excluded.geom, version = c.version + 1, updated_at = now(),
        status = CASE
            WHEN NOT
\ir ../store/conflict_is_live.sql
            THEN excluded.status
            WHEN c.status IN ('agreed', 'settled') AND c.agreement IS NOT NULL
             AND (c.a ->> 'stated_starts_on', c.a ->> 'stated_ends_on') IS DISTINCT FROM (excluded.a ->> 'stated_starts_on', excluded.a ->> 'stated_ends_on')
             AND (c.b ->> 'stated_starts_on', c.b ->> 'stated_ends_on') IS NOT DISTINCT FROM (excluded.b ->> 'stated_starts_on', excluded.b ->> 'stated_ends_on')
             AND c.repair_id IS NOT NULL
            THEN c.status
            WHEN c.status IN ('agreed', 'settled', 'accepted_risk')
             AND (c.severity, c.blocking, c.a ->> 'stated_starts_on', c.a ->> 'stated_ends_on', c.b ->> 'stated_starts_on', c.b ->> 'stated_ends_on')
                 IS DISTINCT FROM (excluded.severity, excluded.blocking, excluded.a ->> 'stated_starts_on', excluded.a ->> 'stated_ends_on',
                                   excluded.b ->> 'stated_starts_on', excluded.b ->> 'stated_ends_on')
            THEN 'open'
            ELSE c.status END,
        agreement = CASE WHEN NOT
\ir ../store/conflict_is_live.sql
            THEN coalesce(excluded.agreement, c.agreement) ELSE c.agreement END,
        department = coalesce(excluded.department, c.department), person = coalesce(excluded.person, c.person), due_on = coalesce(excluded.due_on, c.due_on),
        open_since = CASE WHEN c.status IN ('open', 'acknowledged') AND c.shadow = excluded.shadow THEN c.open_since ELSE excluded.open_since END
    WHERE NOT
\ir ../store/conflict_is_live.sql
       OR (c.rule_version, c.shadow, c.a, c.b, c.severity, c.opportunity, c.blocking, c.facts, c.over_on)
          IS DISTINCT FROM (excluded.rule_version, excluded.shadow, excluded.a, excluded.b, excluded.severity, excluded.opportunity,
                            excluded.blocking, excluded.facts, excluded.over_on)
       OR NOT ST_OrderingEquals(c.geom, excluded.geom)
    RETURNING c.id, c.status, c.agreement, c.shadow, c.severity, c.blocking, c.a, c.b, c.repair_id
), event AS (
    SELECT s.id, s.repair_id, CASE WHEN k.id IS NULL OR k.shadow AND NOT s.shadow THEN 'opened' WHEN k.status <> s.status THEN 'reopened' ELSE 'changed' END AS kind,
           jsonb_strip_nulls(jsonb_build_object(
               'severity', CASE WHEN k.severity <> s.severity THEN jsonb_build_array(k.severity, s.severity) END,
               'blocking', CASE WHEN k.blocking <> s.blocking THEN jsonb_build_array(k.blocking, s.blocking) END,
               'starts_on', CASE WHEN was -> 'stated_starts_on' <> is_ -> 'stated_starts_on'
                                 THEN jsonb_build_array(was -> 'stated_starts_on', is_ -> 'stated_starts_on') END,
               'ends_on', CASE WHEN was -> 'stated_ends_on' <> is_ -> 'stated_ends_on'
                               THEN jsonb_build_array(was -> 'stated_ends_on', is_ -> 'stated_ends_on') END,
               'certainty', CASE WHEN was -> 'certainty' <> is_ -> 'certainty' THEN jsonb_build_array(was -> 'certainty', is_ -> 'certainty') END,
               'agreement', CASE WHEN k.status IN ('agreed', 'settled') AND s.status = 'open' AND k.agreement IS NOT NULL
                                 THEN jsonb_build_array(k.agreement -> 'kind', NULL)
                                 WHEN s.status IN ('agreed', 'settled') AND s.agreement IS NOT NULL AND k.status IS DISTINCT FROM s.status
                                 THEN jsonb_build_array(NULL, s.agreement -> 'kind') END,
               'overdue', CASE WHEN was -> 'overdue' <> is_ -> 'overdue' THEN jsonb_build_array(was -> 'overdue', is_ -> 'overdue') END
           )) AS details
    FROM upsert s
    LEFT JOIN previous k ON k.id = s.id
    -- the works that moved: side b, or side a of two works that meet
    CROSS JOIN LATERAL (SELECT k.b = s.b AND s.a ->> 'works_id' IS NOT NULL AS by_a) moved
    CROSS JOIN LATERAL (SELECT CASE WHEN by_a THEN k.a ELSE k.b END AS was, CASE WHEN by_a THEN s.a ELSE s.b END AS is_) side
), trail AS (
    INSERT INTO conflict_events (conflict_id, kind, actor, details)
    SELECT id, kind, 'detection', details FROM event
    -- figures that only move with the days (gap, cost at risk) are brought up to date without a word
    WHERE kind <> 'changed' OR details <> '{}'
    RETURNING id, conflict_id, kind, details
)
SELECT w.conflict_id, w.kind, w.details, t.repair_id FROM trail w JOIN event t ON t.id = w.conflict_id ORDER BY w.id
