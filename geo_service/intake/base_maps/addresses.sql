-- Every address of the city with a place for it: in front of the house, on the nearest footpath of its own street within 25 m,
-- otherwise in the house. Several houses with one address in one city: `several`.
SELECT b.street, b.house_number, count(*) > 1 AS several, ST_AsBinary((array_agg(place.geom ORDER BY b.id))[1]) AS geom
FROM buildings b
CROSS JOIN LATERAL (
    SELECT coalesce((
        SELECT ST_ClosestPoint(v.geom, ST_PointOnSurface(b.geom)) FROM pavement_sections v
        WHERE v.kind = 'footpath' AND v.street = b.street AND ST_DWithin(v.geom, b.geom, 25)
        ORDER BY v.geom <-> b.geom LIMIT 1), ST_PointOnSurface(b.geom)) AS geom
) place
WHERE b.street IS NOT NULL AND b.house_number IS NOT NULL
GROUP BY b.street, b.house_number
ORDER BY b.street, b.house_number
