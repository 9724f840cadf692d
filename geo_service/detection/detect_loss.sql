    -- One row: a meeting with the share of the repair that is lost (`lost_share`), and whether the works come `after`
    -- the footpath by their layer and so take nothing from it. Part of detect.sql.
    SELECT s.*,
           (a).repair_id IS NOT NULL AND b_layers <@ CAST(:layers_after AS text[]) AND b_layers <> '{}'
               AND NOT 'carriageway' = ANY((a).surfaces) AS after,
           -- who must relay most of it relays all of it
           CASE WHEN (a).repair_id IS NOT NULL AND (b).kind = 'opening'
                THEN CASE WHEN shared_m2 >= :relay_whole_share * a_m2 THEN 1 ELSE shared_m2 / a_m2 END END AS lost_share
    FROM shared_ground s
    OFFSET 0
