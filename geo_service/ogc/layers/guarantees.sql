-- Guarantees on reinstatement. One feature: ground that the owner of works still guarantees. Its id is that of the works. From zoom 14.
SELECT ST_AsMVT(t, 'guarantees', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT CAST(c.works_id AS text) AS id, o.name AS owner, CAST(c.ends AS text) AS ends_on,
           ST_AsMVTGeom(ST_Transform(c.geom, 3857), box.mercator, box.extent, box.extent / 32) AS geom
    FROM claims c JOIN works w ON w.id = c.works_id JOIN organisations o ON o.id = w.owner_id CROSS JOIN box
    CROSS JOIN (SELECT CAST(:party AS text) AS party) reader
    WHERE :z >= 14 AND c.kind = 'guarantee' AND c.geom && box.lambert
        AND (box.days = '(,)' OR daterange(c.starts, c.ends) && box.days)
        AND (box.department IS NULL OR w.id IN (SELECT f.id FROM followed_works f)) AND
\ir ../tile_owner.sql
    AND
\ir ../../store/visible_works.sql
    ) t
