-- The footpath in front of the houses of a street between two numbers: a row per side, with the lowest and highest house that stands there (null where
-- none does), the numbers between which the side runs, and the ground; null where no footpath lies there. The street is the likeliest by its name (search.sql).
-- A line is drawn along the footpath from the outer corner of the first house, past the middle of each, to the outer corner of the last; the ground is the
-- footpath beside it, cut straight across at both ends. The ends stay as far inside as a neighbour needs not to be in front too (frontages.sql: half a metre).
-- Parameters: street, first, last, sides, frontage_reach_m.
WITH named AS MATERIALIZED (
    SELECT street AS name FROM buildings WHERE street %> :street AND house_number IS NOT NULL
    GROUP BY street
    ORDER BY lower(street) = lower(:street) DESC, word_similarity(:street, street) DESC, similarity(:street, street) DESC, street LIMIT 1
), house AS MATERIALIZED (
    SELECT b.street, digits.number, CASE WHEN digits.number % 2 = 0 THEN 'even' ELSE 'odd' END AS side, b.geom,
           digits.number BETWEEN CAST(:first AS integer) AND CAST(:last AS integer) AS meant
    FROM named JOIN buildings b ON b.street = named.name
    CROSS JOIN LATERAL (SELECT CAST(substring(b.house_number FROM '^\d{1,6}') AS integer) AS number) AS digits
    WHERE digits.number IS NOT NULL
), front AS MATERIALIZED (
    SELECT street, side, min(number) AS lowest, max(number) AS highest, min(number) FILTER (WHERE meant) AS number_from,
           max(number) FILTER (WHERE meant) AS number_to, ST_Collect(geom) FILTER (WHERE meant) AS houses
    FROM house WHERE side = ANY(CAST(:sides AS text[]))
    GROUP BY street, side
), path AS MATERIALIZED (
    SELECT front.side, front.number_from, front.number_to, front.houses, ST_Union(v.geom) AS geom
    FROM front
    JOIN pavement_sections v ON v.street = front.street AND v.side = front.side AND v.kind = 'footpath'
        AND ST_DWithin(v.geom, front.houses, 2 * CAST(:frontage_reach_m AS float8))
    GROUP BY front.side, front.number_from, front.number_to, front.houses
), middle AS MATERIALIZED (
    SELECT path.side, ST_MakeLine(ST_ClosestPoint(path.geom, ST_Centroid(house.geom)) ORDER BY house.number, ST_XMin(house.geom)) AS line
    FROM path JOIN house ON house.side = path.side AND house.meant
    GROUP BY path.side
), corner AS MATERIALIZED (
    SELECT path.side, house.number = path.number_from AS of_first, house.number = path.number_to AS of_last, ST_ClosestPoint(path.geom, points.geom) AS geom
    FROM path JOIN house ON house.side = path.side AND house.number IN (path.number_from, path.number_to)
    CROSS JOIN LATERAL ST_DumpPoints(house.geom) AS points
), line AS (
    SELECT middle.side, ST_RemoveRepeatedPoints(ST_AddPoint(ST_AddPoint(middle.line, begun.geom, 0), ended.geom)) AS geom
    FROM middle
    CROSS JOIN LATERAL (
        SELECT geom FROM corner WHERE side = middle.side AND of_last ORDER BY ST_Distance(geom, ST_StartPoint(middle.line)) DESC LIMIT 1
    ) AS ended
    CROSS JOIN LATERAL (SELECT geom FROM corner WHERE side = middle.side AND of_first ORDER BY ST_Distance(geom, ended.geom) DESC LIMIT 1) AS begun
), ground AS MATERIALIZED (
    -- houses off the end of the footpath all look at one point of it: nothing of it lies in front of them
    SELECT path.side, CASE WHEN NOT ST_IsEmpty(beside.geom) THEN beside.geom END AS geom
    FROM path JOIN line ON line.side = path.side
    CROSS JOIN LATERAL (
        SELECT least(0.3, (0.1 + sqrt(ST_Distance(path.geom, path.houses) + 0.25)) / nullif(ST_Length(line.geom), 0)) AS share
    ) AS cut
    CROSS JOIN LATERAL (
        SELECT ST_CollectionExtract(ST_Intersection(path.geom, ST_Buffer(
                   ST_LineSubstring(line.geom, cut.share, 1 - cut.share), CAST(:frontage_reach_m AS float8), 'endcap=flat')), 3) AS geom
    ) AS beside
)
SELECT front.street, front.side, CAST(front.number_from AS text) AS number_from, CAST(front.number_to AS text) AS number_to, front.lowest, front.highest,
       under.code, under.material, under.laid_on, ground.geom, CAST(round(CAST(ST_Area(ground.geom) AS numeric), 1) AS float8) AS area_m2,
       ST_X(place.geom) AS lon, ST_Y(place.geom) AS lat
FROM front
LEFT JOIN ground ON ground.side = front.side
CROSS JOIN LATERAL (
    SELECT string_agg(v.code, ', ' ORDER BY v.code) AS code, min(v.laid_on) AS laid_on,
           (array_agg(v.material ORDER BY ST_Area(ST_Intersection(v.geom, ground.geom)) DESC))[1] AS material
    FROM pavement_sections v
    WHERE v.street = front.street AND v.side = front.side AND v.kind = 'footpath' AND ST_Area(ST_Intersection(v.geom, ground.geom)) > 0.5
) AS under
CROSS JOIN LATERAL (SELECT ST_Transform(ST_PointOnSurface(ground.geom), 4326) AS geom) AS place
ORDER BY front.side
