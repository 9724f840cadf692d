-- Conflicts from afar, below zoom 14. One feature: the conflicts, or the opportunities, of one street, as a point at one of them, with their number and the
-- euros at stake, each repair once, as the list of cases adds up. Its id is the name of the street; what lies along none stands by itself.
-- Not of days or of an owner. A street is counted whole, also in a tile that has one end of it: none is longer than 5 km.
SELECT ST_AsMVT(t, 'conflict_streets', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT s.street AS id, s.opportunity, count(*) AS conflicts, sum(s.eur) FILTER (WHERE s.place = 1) AS eur,
           ST_AsMVTGeom(ST_Transform(ST_ClosestPoint(ST_Collect(s.middle), ST_Centroid(ST_Collect(s.middle))), 3857), box.mercator, box.extent, 0) AS geom
    FROM (
        SELECT member.*, street.name AS street, ST_PointOnSurface(member.geom) AS middle,
               row_number() OVER (PARTITION BY street.name, member.opportunity, coalesce(member.repair_id, member.id) ORDER BY member.eur DESC, member.id) AS place
        FROM (
\ir ../../store/case_members.sql
        ) member CROSS JOIN box
        CROSS JOIN LATERAL (
            SELECT coalesce(min(split_part(side, '/', 1)), CAST(member.id AS text)) AS name
            FROM jsonb_array_elements_text(coalesce(member.a -> 'sides', '[]') || coalesce(member.b -> 'sides', '[]')) side
        ) street
        WHERE :z < 14 AND box.days = '(,)' AND box.owner IS NULL AND member.geom && ST_Expand(box.lambert, 5000)
    ) s CROSS JOIN box
    GROUP BY s.street, s.opportunity, box.mercator, box.extent
    ) t WHERE geom IS NOT NULL
