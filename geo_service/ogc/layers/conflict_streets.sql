-- Conflicts from afar, below zoom 14. One feature: the cases to be decided, or the opportunities, of one street, as a point at one of them, with the number of
-- conflicts and the euros at stake, each repair once, as the list of cases adds up. Its id is the name of the street; what lies along none stands by itself.
-- Not of days or of an owner. A street is counted whole, also in a tile that has one end of it: none is longer than 5 km.
SELECT ST_AsMVT(t, 'conflict_streets', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT s.street AS id, s.opportunity, count(*) AS conflicts, sum(s.eur) FILTER (WHERE s.place = 1) AS eur,
           ST_AsMVTGeom(ST_Transform(ST_ClosestPoint(ST_Collect(s.middle), ST_Centroid(ST_Collect(s.middle))), 3857), box.mercator, box.extent, 0) AS geom
    FROM (
        SELECT member.*, coalesce(street.name, CAST(member.id AS text)) AS street, ST_PointOnSurface(member.geom) AS middle,
               bool_or(member.status IN ('open', 'acknowledged')) OVER (PARTITION BY member.case_id) AS undecided,
               row_number() OVER (PARTITION BY coalesce(street.name, CAST(member.id AS text)), member.opportunity, coalesce(member.repair_id, member.id)
                                  ORDER BY member.eur DESC, member.id) AS place
        FROM (
\ir ../../store/case_members.sql
        ) member CROSS JOIN box
        -- the street that both sides name, else that of the first side (the repair, the building), else of the other: works may touch thirty
        CROSS JOIN LATERAL (
            SELECT min(name) FILTER (WHERE of_a AND of_b) AS both_sides, min(name) FILTER (WHERE of_a) AS first, min(name) AS any_side
            FROM (
                SELECT split_part(side, '/', 1) AS name, bool_or(side_of = 'a') AS of_a, bool_or(side_of = 'b') AS of_b
                FROM (VALUES ('a', member.a -> 'sides'), ('b', member.b -> 'sides')) ends (side_of, sides),
                     jsonb_array_elements_text(coalesce(nullif(sides, 'null'), '[]')) side
                GROUP BY 1
            ) named
        ) streets
        CROSS JOIN LATERAL (SELECT coalesce(streets.both_sides, streets.first, streets.any_side) AS name) street
        WHERE :z < 14 AND box.days = '(,)' AND box.owner IS NULL
          AND member.geom && ST_Expand(box.lambert, 5000)
    ) s CROSS JOIN box
    WHERE s.undecided
    GROUP BY s.street, s.opportunity, box.mercator, box.extent
    ) t WHERE geom IS NOT NULL
