-- New alerts take the next places of the feed, in the order given, with a delivery for each active subscription whose filter they pass.
-- `:drafts` is a JSON list; `:beside_street_m` and `:beside_building_m` say how far from a centre line, or a building, still is that street. The caller holds the writers' lock, so nobody else takes a place meanwhile and a rolled back transaction
-- leaves no gap.
WITH added AS (
    INSERT INTO alerts (seq, type, conflict_id, repair_id, departments, data)
    SELECT (SELECT coalesce(max(seq), 0) FROM alerts) + place, type, conflict_id, repair_id, departments, data
    FROM ROWS FROM (
        jsonb_to_recordset(CAST(:drafts AS jsonb)) AS (type text, conflict_id uuid, repair_id uuid, departments text[], data jsonb)
    ) WITH ORDINALITY AS draft (type, conflict_id, repair_id, departments, data, place)
    ORDER BY place
    RETURNING seq, type, conflict_id, repair_id, departments
), queued AS (
    -- A filter that names nothing passes everything; what it names must all hold. Rule, severity and owner are those of the conflict; an
    -- alert about a repair alone has none of them, and only the city hears it.
    INSERT INTO deliveries (subscription_id, alert_seq, at_once)
    SELECT s.id, a.seq, CASE s.rhythm WHEN 'digest' THEN false WHEN 'critical' THEN coalesce(c.severity = 'critical', false)
                             AND a.type IN ('conflict.opened', 'conflict.reopened', 'conflict.changed', 'conflict.withdrawn') ELSE true END
    FROM added a
    JOIN subscriptions s ON s.active AND a.seq > s.after_seq
    LEFT JOIN users u ON u.id = s.user_id
    LEFT JOIN conflicts c ON c.id = a.conflict_id
    LEFT JOIN repairs r ON r.id = a.repair_id
    CROSS JOIN LATERAL (SELECT ARRAY[c.a ->> 'owner_group', c.b ->> 'owner_group'] AS owners) touched
    -- what a person of the city or of a partner may see is decided now, not when it subscribed
    CROSS JOIN LATERAL (SELECT CASE WHEN s.user_id IS NULL THEN s.owner_group_id ELSE u.owner_group_id END AS party) reader
    WHERE (c.id IS NULL AND reader.party IS NULL OR
\ir ../store/visible_conflicts.sql
      )
      AND u.disabled_at IS NULL
      AND (NOT s.follows_person OR u.department IS NULL OR u.department = ANY(a.departments))
      AND (s.filter -> 'types' IS NULL OR s.filter -> 'types' ? a.type)
      AND (s.filter -> 'rules' IS NULL OR coalesce(s.filter -> 'rules' ? c.rule_id, false))
      AND (s.filter -> 'severities' IS NULL OR coalesce(s.filter -> 'severities' ? c.severity, false))
      AND (s.filter -> 'owners' IS NULL OR coalesce(s.filter -> 'owners' ?| touched.owners, false))
      AND (s.filter -> 'departments' IS NULL OR s.filter -> 'departments' ?| a.departments)
      AND (s.filter -> 'buildings' IS NULL OR coalesce(s.filter -> 'buildings' ? CAST(c.building_id AS text), false) OR EXISTS (
               SELECT FROM buildings b
               WHERE b.id = ANY (SELECT CAST(jsonb_array_elements_text(s.filter -> 'buildings') AS uuid))
                 AND ST_DWithin(b.geom, coalesce(c.geom, r.geom), :beside_building_m)))
      AND (s.filter -> 'streets' IS NULL OR EXISTS (
               SELECT FROM streets st
               WHERE lower(st.name) = ANY (SELECT lower(jsonb_array_elements_text(s.filter -> 'streets')))
                 AND ST_DWithin(st.geom, coalesce(c.geom, r.geom), :beside_street_m))
           OR EXISTS (
               SELECT FROM pavement_sections section
               WHERE lower(section.street) = ANY (SELECT lower(jsonb_array_elements_text(s.filter -> 'streets')))
                 AND ST_Intersects(section.geom, coalesce(c.geom, r.geom))))
      AND (s.filter -> 'area' IS NULL OR coalesce(ST_Intersects(
               ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(s.filter -> 'area'), 4326), 31370), coalesce(c.geom, r.geom)), false))
    ORDER BY a.seq, s.id
    RETURNING subscription_id, alert_seq, at_once
)
SELECT a.seq, q.subscription_id, s.channel, q.at_once
FROM added a
LEFT JOIN queued q ON q.alert_seq = a.seq
LEFT JOIN subscriptions s ON s.id = q.subscription_id
ORDER BY a.seq, q.subscription_id
