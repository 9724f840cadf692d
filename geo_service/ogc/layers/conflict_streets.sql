-- Conflicts from afar, below zoom 14. One feature: the cases to be decided, or the opportunities, of one street, as a point at one of them, with the number of
-- conflicts and the euros at stake, each repair once, as the list of cases adds up. Its id is the name of the street; what lies along none stands by itself.
-- Not of days, of an owner or of a department. A street is counted whole, also in a tile that has one end of it: none is longer than 5 km.
SELECT ST_AsMVT(t, 'conflict_streets', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT s.street AS id, s.opportunity, count(*) AS conflicts, sum(s.eur) FILTER (WHERE s.place = 1 AND s.open) AS eur,
           ST_AsMVTGeom(ST_Transform(ST_ClosestPoint(ST_Collect(s.middle), ST_Centroid(ST_Collect(s.middle))), 3857), box.mercator, box.extent, 0) AS geom
    FROM (
        SELECT c.*, coalesce(street.name, CAST(c.id AS text)) AS street, ST_PointOnSurface(c.geom) AS middle,
               bool_or(c.status IN ('open', 'acknowledged')) OVER (PARTITION BY c.case_id) AS undecided,
               c.status IN ('open', 'acknowledged') AS open,
               row_number() OVER (PARTITION BY coalesce(street.name, CAST(c.id AS text)), c.opportunity, coalesce(c.repair_id, c.id)
                                  ORDER BY c.status IN ('open', 'acknowledged') DESC, c.eur DESC, c.id) AS place
        FROM (
\ir ../../store/case_members.sql
        ) c CROSS JOIN box
        LEFT JOIN LATERAL (
\ir ../../store/conflict_street.sql
        ) street ON true
        WHERE :z < 14 AND box.days = '(,)' AND box.owner IS NULL AND box.department IS NULL
          AND c.geom && ST_Expand(box.lambert, 5000)
    ) s CROSS JOIN box
    WHERE s.undecided
    GROUP BY s.street, s.opportunity, box.mercator, box.extent
    ) t WHERE geom IS NOT NULL
