    -- One row: a meeting that no kerb divides, with the ground that one job could serve (`shared_m2`). Part of
    -- detect.sql. Of an opportunity: ground of the smaller one within reach of the larger one. Of a repair that is
    -- opened: what must be relaid, the cut itself (or the edge nearest to it) and `relay_margin_m` around. Else: what
    -- both take.
    SELECT m.*,
           CASE WHEN opportunity OR (a).repair_id IS NOT NULL AND (b).kind = 'opening'
                THEN (SELECT ST_Area(ST_Intersection(small, ST_Buffer(large_part, around_m)))
                      FROM (SELECT CASE WHEN opportunity THEN reach_m
                                        ELSE distance_m + :relay_margin_m END AS around_m) around,
                      (SELECT a_m2 <= b_m2 OR (a).repair_id IS NOT NULL AS a_is) smaller,
                      LATERAL (SELECT CASE WHEN a_is THEN a_geom ELSE b_geom END AS small,
                                      CASE WHEN a_is THEN b_geom ELSE a_geom END AS large) two,
                      -- PERF: a detailed outline is slow to widen, so only its part near the small one is widened
                      LATERAL (SELECT CASE WHEN ST_NPoints(large) > 100
                                           THEN ST_Intersection(large, ST_Expand(small, around_m + 1))
                                           ELSE large END AS large_part OFFSET 0) cut)
                ELSE overlap_m2 END AS shared_m2
    FROM measure m
    CROSS JOIN LATERAL (
\ir detect_kerb.sql
    ) kerb
    WHERE NOT across_kerb
    OFFSET 0
