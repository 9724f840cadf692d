-- Ten conflicts of footpath renewals to look at, one or two of each sort, chosen by a hash of their numbers.
WITH sort AS (
    SELECT c.*, r.source_id || ' ' || w.source_id AS numbers, r.source_id AS a_number, w.source_id AS b_number,
           'Schaerbeek, footpaths' AS a_owner, o.name AS b_owner, r.description AS a_title, w.title AS b_title, x.geom AS a_geom, y.geom AS b_geom,
           CASE WHEN c.rule_id = 'guarantee_applies' THEN '7 guarantee'
                WHEN c.rule_id = 'occupancy_during_repair' THEN '6 takes up room only'
                WHEN CAST(c.b ->> 'umbrella' AS boolean) THEN '5 umbrella'
                WHEN w.source = 'osiris-programme' THEN '4 programme'
                WHEN w.vanished_at IS NOT NULL THEN '3 vanished'
                WHEN s.raw -> 'properties' ->> 'Etendue' = 'cercle' THEN '2 circle'
                ELSE '1 extent' END AS sort
    FROM conflicts c
    -- A dig of several records meets as one: its whole ground, under the number of the record that is told.
    CROSS JOIN LATERAL (SELECT ST_Union(k.geom) AS geom FROM claims k WHERE (k.kind, k.group_id) = (c.a_kind, c.a_origin_id)) x
    CROSS JOIN LATERAL (SELECT ST_Union(k.geom) AS geom FROM claims k WHERE (k.kind, k.group_id) = (c.b_kind, c.b_origin_id)) y
    JOIN repairs r ON r.id = c.repair_id
    JOIN works w ON w.id = CAST(c.b ->> 'works_id' AS uuid)
    JOIN organisations o ON o.id = w.owner_id
    JOIN source_records s ON s.works_id = w.id
    WHERE c.status NOT IN ('expired', 'withdrawn')
), numbered AS (
    SELECT sort.*, row_number() OVER (PARTITION BY sort ORDER BY NOT blocking, md5('2026-11-29 ' || numbers || rule_id)) AS place FROM sort
)
SELECT sort, numbers, rule_id, severity, blocking, a_number, b_number, a_owner, b_owner, a_title, b_title, facts, a, b, a_geom, b_geom
FROM numbered
WHERE place <= CASE WHEN left(sort, 1) IN ('1', '2', '3', '4') THEN 2 ELSE 1 END
ORDER BY sort, place
