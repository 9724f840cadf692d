-- The best by hand for one repair of a spot or a section: its ground, and what lies around it, with the day-one rules written out.
WITH place AS (
    SELECT CAST(%(geom)s AS geometry) AS point, ST_Buffer(CAST(%(geom)s AS geometry), 0.5) AS hole
), ground AS (
    SELECT place.*, coalesce((SELECT ST_Union(v.geom) FROM pavement_sections v
        WHERE v.kind <> 'carriageway' AND ST_Intersects(v.geom, place.hole)
          AND ST_Area(ST_Intersection(v.geom, place.hole)) >= 0.5 * ST_Area(place.hole)), ST_Buffer(point, 2.5)) AS geom
    FROM place
)
SELECT c.id, c.kind, c.works_id, c.owner_group_id, c.starts, c.ends, ST_Distance(c.geom, g.geom), ST_Area(ST_Intersection(c.geom, g.geom)),
       120 * ST_Area(g.geom) * greatest(0, 1 - greatest(0, c.starts - %(ends)s) / 7305.0) * c.probability AS cost_at_risk_eur
FROM ground g
JOIN claims c ON c.geom && ST_Expand(g.geom, 2) AND daterange(c.starts, c.ends) && daterange(%(starts)s, %(ends)s + 7305)
WHERE c.kind = 'opening' AND ST_DWithin(c.geom, g.geom, 2)
   OR c.kind = 'occupancy' AND c.starts < %(ends)s AND c.ends > %(starts)s AND ST_Intersects(c.geom, g.geom)
   OR c.kind = 'guarantee' AND c.starts < %(ends)s AND c.ends > %(starts)s AND c.owner_group_id <> 'city' AND ST_Intersects(c.geom, g.hole)
