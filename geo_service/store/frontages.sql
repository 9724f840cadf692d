-- The houses that ground lies in front of: per piece of ground the street and side nearest to it, with its lowest and highest house number.
-- Houses of the street whose pavement it covers most go before a nearer one at the corner, which has its address in another street; they may
-- stand twice as far back, behind their front gardens.
-- Parameters: grounds (hex EWKB, storage CRS), frontage_reach_m.
SELECT ground.n - 1 AS n, facade.street, facade.side, min(facade.number) AS number_from, max(facade.number) AS number_to, count(*) AS houses
FROM unnest(CAST(:grounds AS text[])) WITH ORDINALITY ground (hex, n)
CROSS JOIN LATERAL (SELECT ST_GeomFromEWKB(decode(hex, 'hex')) AS geom OFFSET 0) g
LEFT JOIN LATERAL (
    SELECT p.street FROM pavement_sections p
    WHERE p.street IS NOT NULL AND ST_Intersects(p.geom, g.geom)
    ORDER BY ST_Area(ST_Intersection(p.geom, g.geom)) DESC, p.street LIMIT 1
) pavement ON true
CROSS JOIN LATERAL (
    SELECT b.street, digits.number, CASE WHEN digits.number % 2 = 0 THEN 'even' ELSE 'odd' END AS side,
           ST_Distance(b.geom, g.geom) AS distance_m, b.street IS NOT DISTINCT FROM pavement.street AS own,
           bool_or(b.street IS NOT DISTINCT FROM pavement.street) OVER () AS own_exist,
           min(ST_Distance(b.geom, g.geom)) OVER (PARTITION BY b.street IS NOT DISTINCT FROM pavement.street) AS nearest_m
    FROM buildings b
    CROSS JOIN LATERAL (SELECT CAST(substring(b.house_number FROM '^\d{1,9}') AS integer) AS number) digits
    WHERE ST_DWithin(b.geom, g.geom, 2 * CAST(:frontage_reach_m AS float8))
        AND (b.street = pavement.street OR ST_DWithin(b.geom, g.geom, CAST(:frontage_reach_m AS float8)))
        AND b.street IS NOT NULL AND digits.number IS NOT NULL
) facade
-- a house that stands no more than half a metre further back is in front as well; the next one down the street is not
WHERE facade.own = facade.own_exist AND facade.distance_m <= facade.nearest_m + 0.5
GROUP BY ground.n, facade.street, facade.side
ORDER BY ground.n, min(facade.distance_m), facade.street, facade.side
