-- On which sides of which streets `drawn.geom` lies ("Gentsestraat/even"), and what its pavement is made of. Part of claims_*.sql.
-- The sections that it takes decide; where none knows its side, the façades it lies in front of: the nearest, and those that are
-- hardly further (1.5 m), so that a trench in the middle of a street lies on both sides. In a carriageway it is on no side, and so it is
-- where nothing is known: it may be any.
SELECT coalesce(nullif(paved.sides, '{}'), fronted.sides, '{}') AS sides, paved.material
FROM (
    SELECT coalesce(array_agg(DISTINCT v.street || '/' || v.side ORDER BY v.street || '/' || v.side)
                        FILTER (WHERE v.kind <> 'carriageway' AND v.street IS NOT NULL AND v.side IS NOT NULL), '{}') AS sides,
           sum(shared.m2) FILTER (WHERE v.kind = 'carriageway') >= 0.9 * ST_Area(drawn.geom) AS roadway,
           (array_agg(v.material ORDER BY shared.m2 DESC, v.id) FILTER (WHERE v.material IS NOT NULL))[1] AS material
    FROM pavement_sections v
    CROSS JOIN LATERAL (SELECT ST_Area(ST_Intersection(v.geom, drawn.geom)) AS m2 OFFSET 0) shared
    -- a fifth of a square metre is the end of a trench across the street; less is the width of a pencil
    WHERE ST_Intersects(v.geom, drawn.geom) AND (shared.m2 >= 0.2 OR shared.m2 >= 0.1 * least(ST_Area(v.geom), ST_Area(drawn.geom)))
) paved
LEFT JOIN LATERAL (
    -- A trench that runs along one side (half of it) does not lie on another that it only ends at: the house that closes a street.
    SELECT array_agg(side ORDER BY side) FILTER (WHERE share >= 0.2 OR longest < 0.5) AS sides
    FROM (
        SELECT side, share, max(share) OVER () AS longest
        FROM (
            SELECT side, ST_Area(ST_Intersection(drawn.geom, ST_Union(ST_Buffer(geom, nearest_m + 1.5)))) / ST_Area(drawn.geom) AS share
            FROM (
            SELECT b.street || CASE WHEN CAST(right(substring(b.house_number FROM '^\d{1,9}'), 1) AS integer) % 2 = 0 THEN '/even' ELSE '/odd' END AS side,
                   b.geom, ST_Distance(b.geom, drawn.geom) AS distance_m, min(ST_Distance(b.geom, drawn.geom)) OVER () AS nearest_m
            FROM buildings b
            WHERE ST_DWithin(b.geom, drawn.geom, CAST(:frontage_reach_m AS float8)) AND b.street IS NOT NULL AND b.house_number ~ '^\d'
            ) facade
            WHERE distance_m <= nearest_m + 1.5
            GROUP BY side
        ) along
    ) street_side
) fronted ON paved.sides = '{}' AND paved.roadway IS NOT TRUE
