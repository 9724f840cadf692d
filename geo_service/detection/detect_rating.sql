    -- One row: a meeting with its severity, whether the two share only a crossing, and whether they are likely one project. Part of detect.sql.
    SELECT p.*, crossing, joint, CASE
        WHEN joint THEN 'low'
        -- Umbrella works say little of where they are, unless what is shared is a good part of their own ground.
        WHEN least_count IS NULL AND (a_umbrella AND overlap_m2 < :umbrella_least_share * a_m2
                                      OR b_umbrella AND overlap_m2 < :umbrella_least_share * b_m2) THEN 'low'
        WHEN after OR least_count IS NULL AND (a).works_id IS NOT NULL AND (b).works_id IS NOT NULL
                      AND overlap_m2 < 1 AND NOT opportunity THEN 'low'
        WHEN crossing THEN 'medium'
        -- What may hold nothing is as severe as its money: a wish keeps no crew away.
        WHEN fixed_severity IS NOT NULL AND ((b).firm OR NOT may_block) THEN fixed_severity
        WHEN (b).severity IS NOT NULL THEN (b).severity
        WHEN cost_at_risk_eur + saving_eur >= :critical_from_eur THEN 'critical'
        WHEN cost_at_risk_eur + saving_eur >= :high_from_eur THEN 'high'
        WHEN cost_at_risk_eur + saving_eur >= :medium_from_eur THEN 'medium'
        ELSE 'low' END AS severity
    FROM money p
    CROSS JOIN LATERAL (
\ir detect_crossing.sql
    ) street
    CROSS JOIN LATERAL (
\ir detect_joint.sql
    ) project
    WHERE silent IS NOT TRUE
