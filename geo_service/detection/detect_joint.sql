        -- One row: whether two works of a meeting `p` are likely one project of two owners: the same first and last day,
        -- over weeks, on the same ground. Part of detect_rating.sql.
        -- NOTE: days from the first of a month to the first of another are placeholders of programmes, and prove nothing.
        SELECT NOT p.opportunity AND p.least_count IS NULL
               AND (p.a).works_id IS NOT NULL AND (p.b).works_id IS NOT NULL
               AND p.a_stated_starts = p.b_stated_starts AND p.a_stated_ends = p.b_stated_ends
               AND p.a_stated_ends - p.a_stated_starts >= :joint_least_days
               AND NOT (extract(day FROM p.a_stated_starts) = 1 AND extract(day FROM p.a_stated_ends) = 1)
               AND p.overlap_m2 >= :joint_least_share * least(p.a_m2, p.b_m2) AS joint
