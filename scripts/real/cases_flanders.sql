-- Ten clashes of Flanders to look at, one or two of each sort, chosen by a hash of their numbers.
WITH sort AS (
    SELECT c.*, v.source_id || ' ' || w.source_id AS numbers, v.source_id AS a_number, w.source_id AS b_number,
           p.name AS a_owner, q.name AS b_owner, v.title AS a_title, w.title AS b_title, x.geom AS a_geom, y.geom AS b_geom,
           CASE WHEN CAST(c.a ->> 'umbrella' AS boolean) OR CAST(c.b ->> 'umbrella' AS boolean) THEN '5 umbrella'
                WHEN c.a_kind = 'occupancy' OR c.b_kind = 'occupancy' THEN '4 takes up room only'
                WHEN CAST(c.a ->> 'overdue' AS boolean) OR CAST(c.b ->> 'overdue' AS boolean) THEN '6 overdue'
                WHEN CAST(c.facts ->> 'overlap_m2' AS float8) < 1 THEN '7 hardly touch'
                WHEN CAST(c.facts ->> 'overlap_share' AS float8) >= 0.9 AND CAST(c.facts -> 'inputs' ->> 'a_m2' AS float8) < 2000
                     AND CAST(c.facts -> 'inputs' ->> 'b_m2' AS float8) < 2000 THEN '1 the same small ground'
                WHEN CAST(c.facts ->> 'overlap_share' AS float8) >= 0.9 THEN '2 one inside the other'
                ELSE '3 overlap in part' END AS sort
    FROM conflicts c
    -- A dig of several records meets as one: its whole ground, under the number of the record that is told.
    CROSS JOIN LATERAL (SELECT ST_Union(k.geom) AS geom FROM claims k WHERE (k.kind, k.group_id) = (c.a_kind, c.a_origin_id)) x
    CROSS JOIN LATERAL (SELECT ST_Union(k.geom) AS geom FROM claims k WHERE (k.kind, k.group_id) = (c.b_kind, c.b_origin_id)) y
    JOIN works v ON v.id = CAST(c.a ->> 'works_id' AS uuid)
    JOIN works w ON w.id = CAST(c.b ->> 'works_id' AS uuid)
    JOIN organisations p ON p.id = v.owner_id
    JOIN organisations q ON q.id = w.owner_id
    WHERE c.rule_id = 'works_clash' AND c.status NOT IN ('expired', 'withdrawn')
), numbered AS (
    SELECT sort.*, row_number() OVER (PARTITION BY sort ORDER BY md5('2026-11-29 ' || numbers)) AS place FROM sort
)
SELECT sort, numbers, rule_id, severity, blocking, a_number, b_number, a_owner, b_owner, a_title, b_title, facts, a, b, a_geom, b_geom
FROM numbered
WHERE place <= CASE WHEN left(sort, 1) IN ('1', '2', '3') THEN 2 ELSE 1 END
ORDER BY sort, place
