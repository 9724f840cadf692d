-- Incoming phases that are stored already take the id they have there, so that their conflicts go on.
-- First by name. Then, as some sources put the start date into the name (GIPOD: `INNAME.20136591-2609280600`), what lost its name and what
-- is new in the same works are paired in order of start: a phase that moved. A phase that is over did not move but passed, unless the
-- whole planning of groundworks got new names at once.
-- Ground that moved by less than two centimetres did not move: one source told in two ways (GIPOD by OGC API and by WFS) differs by its rounding.
-- It keeps the outline that is stored, so that it cannot creep. Hausdorff compares every corner with every corner: beyond 4,000 it is not asked.
WITH stored AS (
    SELECT p.*, i.n, upper(p.during) <= CAST(:observed_on AS date) AS past
    FROM phases p JOIN incoming_works i ON i.id = p.works_id AND i.known
), named AS (
    SELECT s.n, s.id, s.source_key FROM stored s JOIN incoming_phases p ON (p.n, p.source_key) = (s.n, s.source_key)
), lost AS (
    SELECT s.n, s.id, lower(s.during) AS starts, s.past, s.opens_surface
    FROM stored s
    WHERE NOT EXISTS (SELECT FROM named k WHERE k.id = s.id)
      AND NOT EXISTS (SELECT FROM incoming_works i
                      JOIN unnest(CAST(:unread_ids AS text[]), CAST(:unread_keys AS text[])) unread (source_id, source_key)
                        ON unread.source_id = i.source_id
                      WHERE i.n = s.n AND unread.source_key = s.source_key)
), added AS (
    SELECT p.n, p.source_key, lower(p.during) AS starts
    FROM incoming_phases p JOIN incoming_works i ON i.n = p.n AND i.known
    WHERE NOT EXISTS (SELECT FROM named k WHERE (k.n, k.source_key) = (p.n, p.source_key))
), renamed AS (
    SELECT before.n
    FROM (SELECT n, count(*) AS phases FROM lost GROUP BY n HAVING bool_and(opens_surface OR NOT past)) before
    JOIN (SELECT n, count(*) AS phases FROM added GROUP BY n) now ON (now.n, now.phases) = (before.n, before.phases)
    WHERE NOT EXISTS (SELECT FROM named k WHERE k.n = before.n)
), pair AS (
    SELECT n, id, source_key FROM named
    UNION ALL
    SELECT before.n, before.id, now.source_key
    FROM (SELECT n, id, row_number() OVER (PARTITION BY n ORDER BY starts, id) AS place
          FROM lost WHERE NOT past OR n IN (SELECT n FROM renamed)) before
    JOIN (SELECT n, source_key, row_number() OVER (PARTITION BY n ORDER BY starts, source_key) AS place FROM added) now
      ON (now.n, now.place) = (before.n, before.place)
)
UPDATE incoming_phases p
SET id = s.id,
    geom = CASE WHEN ground.stayed THEN s.geom ELSE p.geom END,
    fate = CASE WHEN (s.source_key, s.during, s.opens_surface, s.surfaces, s.done)
                       IS DISTINCT FROM (p.source_key, p.during, p.opens_surface, p.surfaces, p.done)
                  OR NOT ground.stayed
                THEN 'changed' ELSE 'same' END
FROM pair JOIN stored s ON s.id = pair.id
JOIN incoming_phases f ON (f.n, f.source_key) = (pair.n, pair.source_key)
CROSS JOIN LATERAL (
    SELECT CASE WHEN ST_OrderingEquals(s.geom, f.geom) THEN true
                WHEN GeometryType(s.geom) <> GeometryType(f.geom) OR greatest(ST_NPoints(s.geom), ST_NPoints(f.geom)) > 4000 THEN false
                WHEN NOT (ST_Expand(s.geom, 0.02) ~ f.geom AND ST_Expand(f.geom, 0.02) ~ s.geom) THEN false
                ELSE ST_HausdorffDistance(s.geom, f.geom) <= 0.02 END AS stayed
) ground
WHERE (p.n, p.source_key) = (pair.n, pair.source_key)
