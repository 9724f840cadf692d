        -- One row: whether works lie in another street and only share the crossing with a renewal. Part of detect.sql.
        -- Only outlines of whole streets can: a trench through a footpath is in it. The axes in their ground say which
        -- streets they lie in, else the sections, else the names in their records; where no name helps, their shape:
        -- they share less than half of both, and no long piece of the renewal. Two outlines that only touch share
        -- nothing but a crossing.
        SELECT CASE
            WHEN (a).repair_id IS NULL OR (b).kind <> 'opening' OR overlap_m2 >= 0.6 * a_m2
              OR least(a_m2, b_m2) < :street_outline_m2
              OR 2 * least(a_m2 / ST_Perimeter(a_geom), b_m2 / ST_Perimeter(b_geom)) < :street_outline_width_m
            THEN false
            WHEN overlap_m2 < 1 THEN true
            ELSE (
                SELECT CASE WHEN a_streets IS NOT NULL AND b_streets IS NOT NULL THEN NOT a_streets && b_streets
                            WHEN a_text ~ street_word AND b_text ~ street_word
                            THEN position(a_text IN b_text) = 0 AND position(b_text IN a_text) = 0
                            ELSE overlap_m2 < 0.5 * least(a_m2, b_m2)
                                 AND ST_MaxDistance(common_geom, common_geom) < 0.6 * ST_MaxDistance(a_geom, a_geom) END
                FROM (
                    -- the streets of each side: by axes (1), else by sections (2)
                    SELECT coalesce(array_agg(name) FILTER (WHERE of_a AND way = 1),
                                    array_agg(name) FILTER (WHERE of_a)) AS a_streets,
                           coalesce(array_agg(name) FILTER (WHERE NOT of_a AND way = 1),
                                    array_agg(name) FILTER (WHERE NOT of_a)) AS b_streets
                    FROM (
                        SELECT of_a, way, name, measure >= 0.5 * max(measure) OVER (PARTITION BY of_a, way) AS mainly
                        FROM (VALUES (true, a_geom), (false, b_geom)) ground (of_a, geom)
                        CROSS JOIN LATERAL (
                            SELECT 1 AS way, s.name, sum(ST_Length(ST_Intersection(s.geom, ground.geom))) AS measure
                            FROM streets s WHERE ST_Intersects(s.geom, ground.geom) GROUP BY s.name
                            UNION ALL
                            SELECT 2, v.street, sum(ST_Area(ST_Intersection(v.geom, ground.geom)))
                            FROM pavement_sections v
                            WHERE v.street IS NOT NULL AND ST_Intersects(v.geom, ground.geom) GROUP BY v.street
                        ) along
                    ) street_of_ground
                    WHERE mainly
                ) streets_of_sides
                CROSS JOIN (
                    -- letters without accents and signs; how names of streets begin in French and end in Dutch
                    SELECT (SELECT lower(translate(r.description, accented, plain))
                            FROM repairs r WHERE r.id = (a).repair_id) AS a_text,
                           (SELECT lower(translate(concat_ws(' ', w.title, w.description), accented, plain))
                            FROM works w WHERE w.id = (b).works_id) AS b_text,
                           '\m(rue|avenue|place|chaussee|boulevard|square|clos|quai|allee|impasse|passage|parvis|'
                               || 'sentier)\M|(straat|laan|plein|dreef|steenweg|lei|kaai|markt)\M' AS street_word
                    FROM (VALUES ('ÉÈÊËÀÂÄÎÏÔÖÛÜÙÇéèêëàâäîïôöûüùç’-',
                                  'EEEEAAAIIOOUUUCeeeeaaaiioouuuc'' ')) letters (accented, plain)
                ) texts
            ) END AS crossing
