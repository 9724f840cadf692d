-- What stands in the calendar of one reader, what runs and what comes next first, then what is over, the latest first: works with their days, repairs that must wait with the day until when, and
-- agreements with theirs. What was deleted, released or broken since `since` stays, as cancelled. Holds are for the city only. What the filter names must all hold; a department has the works
-- whose conflicts it follows, and those that it followed until they were cancelled, if that was not before `since`.
WITH reader AS (
    SELECT CAST(:party AS text) AS party
), area AS (
    SELECT ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(CAST(:area AS text)), 4326), 31370) AS geom
), followed AS (
    SELECT c.works_ids, c.repair_id,
\ir ../store/conflict_is_live.sql
           AS live
    FROM conflicts c
    JOIN rules rule ON rule.id = c.rule_id AND rule.version = c.rule_version
    WHERE CAST(:departments AS text[]) IS NOT NULL AND NOT c.shadow AND (c.department = ANY(:departments) OR rule.departments && :departments)
      AND (c.updated_at >= CAST(:since AS date) OR
\ir ../store/conflict_is_live.sql
      )
), followed_works AS (
    -- one row per works or repair: these are joined once, where conflicts of years would be tried against each of the works
    SELECT works_id, bool_or(live) AS live FROM followed CROSS JOIN unnest(works_ids) AS works_id GROUP BY works_id
), followed_repairs AS (
    SELECT repair_id, bool_or(live) AS live FROM followed WHERE repair_id IS NOT NULL GROUP BY repair_id
), event AS (
    SELECT 'works' AS kind, w.id, w.version, w.updated_at, span.starts_on, span.ends_on, w.certainty, state.cancelled, w.title, o.name AS owner,
           w.source_id, CAST(NULL AS bigint) AS number, CAST(NULL AS text) AS rule, CAST(NULL AS text) AS agreement,
           (SELECT min(split_part(side, '/', 1)) FROM claims k CROSS JOIN unnest(k.sides) side WHERE k.works_id = w.id) AS street, span.geom
    FROM works w
    JOIN organisations o ON o.id = w.owner_id
    LEFT JOIN followed_works f ON f.works_id = w.id
    CROSS JOIN reader
    CROSS JOIN LATERAL (SELECT w.certainty = 'cancelled' OR w.deleted_at IS NOT NULL AS cancelled) state
    CROSS JOIN LATERAL (
\ir ../store/works_days.sql
    ) days
    CROSS JOIN LATERAL (
        SELECT days.starts_on, days.ends_on, ST_Collect(p.geom) AS geom FROM phases p WHERE p.works_id = w.id
    ) span
    -- visible_works.sql, and what was deleted of late
    WHERE (w.deleted_at IS NULL OR w.deleted_at >= CAST(:since AS date)) AND (reader.party IS NULL OR o.owner_group_id = reader.party)
      AND (CAST(:owners AS text[]) IS NULL OR o.owner_group_id = ANY(:owners))
      AND (CAST(:departments AS text[]) IS NULL OR f.live OR f.works_id IS NOT NULL AND state.cancelled)
    UNION ALL
    SELECT 'hold', r.id, h.version, h.updated_at, h.until, h.until + 1, NULL, h.released_on < h.until, '', NULL, NULL, r.number, NULL, NULL,
           (SELECT min(split_part(side, '/', 1)) FROM claims k CROSS JOIN unnest(k.sides) side WHERE k.repair_id = r.id), r.geom
    FROM holds h
    JOIN repairs r ON r.id = h.repair_id
    LEFT JOIN followed_repairs f ON f.repair_id = r.id
    CROSS JOIN reader
    WHERE reader.party IS NULL AND (h.released_on IS NULL OR h.released_on >= CAST(:since AS date)) AND CAST(:owners AS text[]) IS NULL
      AND (CAST(:departments AS text[]) IS NULL OR f.live OR f.repair_id IS NOT NULL AND h.released_on IS NOT NULL)
    UNION ALL
    SELECT 'agreement', c.id, c.version, c.updated_at, agreed.until, agreed.until + 1, NULL, state.cancelled, '', NULL, NULL, c.number, c.rule_id,
           agreed.kind,
           (
\ir ../store/conflict_street.sql
           ), c.geom
    FROM conflicts c
    JOIN rules rule ON rule.id = c.rule_id AND rule.version = c.rule_version
    CROSS JOIN reader
    -- the agreement of the conflict; of one that was undone or let go, the last one of its trail
    CROSS JOIN LATERAL (
        SELECT c.agreement AS content WHERE c.agreement IS NOT NULL
        UNION ALL
        (SELECT e.details -> 'agreement' FROM conflict_events e
         WHERE c.agreement IS NULL AND c.updated_at >= CAST(:since AS date) AND e.conflict_id = c.id AND e.kind = 'agree'
         ORDER BY e.id DESC LIMIT 1)
    ) last
    CROSS JOIN LATERAL (SELECT CAST(last.content ->> 'until' AS date) AS until, last.content ->> 'kind' AS kind) agreed
    CROSS JOIN LATERAL (
        SELECT (c.agreement IS NULL OR c.status NOT IN ('agreed', 'settled'))
               AND NOT EXISTS (SELECT FROM conflict_events e WHERE e.conflict_id = c.id AND e.kind = 'agreement_ended' AND e.details -> 'agreement' = last.content)
               AS cancelled
    ) state
    WHERE
\ir ../store/visible_conflicts.sql
      AND agreed.until IS NOT NULL AND (NOT state.cancelled OR c.updated_at >= CAST(:since AS date))
      AND (CAST(:owners AS text[]) IS NULL OR c.a ->> 'owner_group' = ANY(:owners) OR c.b ->> 'owner_group' = ANY(:owners))
      AND (CAST(:departments AS text[]) IS NULL OR c.department = ANY(:departments) OR rule.departments && :departments)
)
SELECT event.kind, event.id, event.version, event.updated_at, event.starts_on, event.ends_on, event.certainty, coalesce(event.cancelled, false) AS cancelled,
       event.title, event.owner, event.source_id,
       event.number, event.rule, event.agreement, ST_X(place.at) AS lon, ST_Y(place.at) AS lat, coalesce(event.street, house.street) AS street
FROM event
CROSS JOIN area
CROSS JOIN LATERAL (SELECT ST_Transform(ST_PointOnSurface(event.geom), 4326) AS at) place
LEFT JOIN LATERAL (
    SELECT b.street FROM buildings b
    WHERE b.street IS NOT NULL AND ST_DWithin(b.geom, event.geom, 50)
    ORDER BY b.geom <-> event.geom
    LIMIT 1
) house ON true
WHERE event.ends_on > CAST(:since AS date) AND event.starts_on < CAST(:until AS date) AND (area.geom IS NULL OR ST_Intersects(event.geom, area.geom))
ORDER BY event.ends_on <= CAST(:today AS date), event.cancelled, greatest(event.starts_on - CAST(:today AS date), CAST(:today AS date) - event.ends_on, 0), event.kind, event.id
LIMIT :most
