    -- One row: a meeting with its distance, common ground, days and probability. Part of detect.sql.
    SELECT m.*, ST_Distance(a_geom, b_geom) AS distance_m, common.geom AS common_geom,
           ST_Area(common.geom) AS overlap_m2, ST_Area(a_geom) AS a_m2, ST_Area(b_geom) AS b_m2,
           -- both must come about; a repair, an investment and a guarantee are certain
           a_probability * b_probability AS probability,
           -- An investment starts when the repair ends: the gap is how long the new surface would lie.
           CASE WHEN (a).kind = 'investment' THEN greatest(0, b_starts - a_starts)
                ELSE greatest(0, b_starts - a_ends, a_starts - b_ends) END AS gap_days,
           least(a_ends, b_ends) - greatest(a_starts, b_starts) AS shared_days
    FROM meeting m
    CROSS JOIN LATERAL (
        -- PERF: an intersection of detailed outlines is slow, and ST_Contains is fast.
        SELECT CASE WHEN ST_NPoints(a_geom) > 500 AND ST_Contains(a_geom, b_geom) THEN b_geom
                    WHEN ST_NPoints(b_geom) > 500 AND ST_Contains(b_geom, a_geom) THEN a_geom
                    ELSE ST_CollectionExtract(ST_Intersection(a_geom, b_geom), 3) END AS geom
        OFFSET 0
    ) common
    OFFSET 0
