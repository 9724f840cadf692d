        -- One row: whether two works of a meeting `p` are likely one project of two owners (`joint`): the same first and last day,
        -- over weeks, on the same ground; unless a person refused that. Confirmed, they are `silent`,
        -- also as a chance to share a trench. Part of detect_rating.sql.
        -- NOTE: days from the first of a month to the first of another are placeholders of programmes, and prove nothing.
        SELECT alike AND NOT p.opportunity AND decision.status IS DISTINCT FROM 'refused' AS joint, alike AND decision.status IS NOT DISTINCT FROM 'confirmed' AS silent
        FROM (
            SELECT p.least_count IS NULL
                   AND (p.a).works_id IS NOT NULL AND (p.b).works_id IS NOT NULL
                   AND p.a_stated_starts = p.b_stated_starts AND p.a_stated_ends = p.b_stated_ends
                   AND p.a_stated_ends - p.a_stated_starts >= :joint_least_days
                   AND NOT (extract(day FROM p.a_stated_starts) = 1 AND extract(day FROM p.a_stated_ends) = 1)
                   AND p.overlap_m2 >= :joint_least_share * least(p.a_m2, p.b_m2) AS alike
        ) likely
        -- PERF: asked for the few that are alike only
        CROSS JOIN LATERAL (
            SELECT CASE WHEN alike THEN (
                -- of the works, whatever name their digs go by; the last word counts where digs that were apart are one now
                SELECT j.status FROM joint_projects j
                WHERE j.a_works_ids && p.a_works_ids AND j.b_works_ids && p.b_works_ids
                   OR j.a_works_ids && p.b_works_ids AND j.b_works_ids && p.a_works_ids
                ORDER BY j.decided_at DESC, j.id DESC LIMIT 1) END AS status
        ) decision
