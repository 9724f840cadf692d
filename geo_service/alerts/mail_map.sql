-- What lies around each conflict, in the order in which it is drawn: its layer and its shape (WKB, the storage CRS), cut off at the edge of the map.
WITH maps AS (
    SELECT c.id, c.geom, c.repair_id, c.works_ids, ST_Expand(ST_Envelope(c.geom), :margin_m) AS near
    FROM conflicts c
    WHERE c.id = ANY(:ids)
), frames AS (
    -- as wide as the picture is, whatever the shape of the conflict
    SELECT id, geom, repair_id, works_ids,
           ST_Expand(ST_Centroid(near), greatest(ST_XMax(near) - ST_XMin(near), (ST_YMax(near) - ST_YMin(near)) * :ratio) / 2,
                     greatest((ST_XMax(near) - ST_XMin(near)) / :ratio, ST_YMax(near) - ST_YMin(near)) / 2) AS frame
    FROM maps
), shapes AS (
    SELECT f.id, 1 AS rank, 'pavement' AS layer, v.geom, f.frame FROM frames f JOIN pavement_sections v ON v.geom && f.frame
    UNION ALL
    SELECT f.id, 2, 'building', b.geom, f.frame FROM frames f JOIN buildings b ON b.geom && f.frame
    WHERE ST_XMax(f.frame) - ST_XMin(f.frame) <= :houses_within_m
    UNION ALL
    SELECT f.id, 3, 'works', p.geom, f.frame FROM frames f JOIN phases p ON p.works_id = ANY(f.works_ids) AND p.geom && f.frame
    UNION ALL
    SELECT f.id, 4, 'repair', r.geom, f.frame FROM frames f JOIN repairs r ON r.id = f.repair_id AND r.geom && f.frame
    UNION ALL
    SELECT f.id, 5, 'conflict', f.geom, f.frame FROM frames f
)
SELECT id, layer, ST_AsBinary(ST_ClipByBox2D(geom, ST_Expand(frame, 10))) AS wkb,
       ST_XMin(frame) AS west, ST_YMin(frame) AS south, ST_XMax(frame) AS east, ST_YMax(frame) AS north
FROM shapes
ORDER BY id, rank, wkb
