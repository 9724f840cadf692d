        -- One row: whether a kerb lies between the repair and the works, which are drawn up to a metre off. Part of
        -- detect.sql. Works beside a footpath are in the carriageway when most of their ground there is, and none of it
        -- reaches further into the footpath than `kerb_depth_m`; works beside a hole in the carriageway are in the
        -- footpath when most of their ground there is. Crews side by side on the same days mind no kerb.
        SELECT CASE WHEN (a).repair_id IS NULL OR (b).kind <> 'opening' OR (a).surfaces = '{}'
                      OR (a).kind = 'repair' AND NOT (opportunity OR 'carriageway' = ANY((a).surfaces))
                      OR overlap_m2 >= 0.25 * least(a_m2, b_m2)
                      OR ST_Intersects(b_geom, ST_Buffer(a_geom, -CAST(:kerb_depth_m AS float8))) THEN false
                    ELSE (
            SELECT sum(ST_Area(ST_Intersection(v.geom, part.geom))) >= 0.75 * ST_Area(part.geom)
            FROM (SELECT ST_Intersection(b_geom, ST_Buffer(a_geom, reach_m + 0.5)) AS geom) part
            JOIN pavement_sections v ON ST_Intersects(v.geom, part.geom)
                 AND v.kind IN ('footpath', 'cycle_path', 'carriageway') AND v.kind <> ALL((a).surfaces)
            GROUP BY part.geom
        ) IS TRUE END AS across_kerb
