    -- One row: a meeting that shares enough for its rule, with euro at risk and euro saved. Part of detect.sql.
    SELECT l.*,
           CASE WHEN (a).kind IN ('repair', 'investment') AND (b).kind = 'opening' AND NOT after
                THEN round(CAST((a).value_eur * lost_share * greatest(0, 1 - gap_days / CAST((a).life_days AS float8))
                                * probability AS numeric), 2)
                ELSE 0 END AS cost_at_risk_eur,
           -- Opened once instead of twice, shared ground is relaid once; a repair that a utility does costs nothing.
           CASE WHEN NOT opportunity THEN 0
                WHEN (a).repair_id IS NOT NULL THEN round(CAST((a).value_eur * probability AS numeric), 2)
                ELSE round(CAST(shared_m2 * least((a).eur_per_m2, (b).eur_per_m2) * probability AS numeric), 2)
           END AS saving_eur
    FROM loss l
    WHERE (least_count IS NOT NULL
           OR CASE WHEN opportunity THEN shared_m2 ELSE overlap_m2 END
              >= min_overlap_share * CASE WHEN mirrored THEN least(a_m2, b_m2) ELSE a_m2 END)
      -- asphalt over a trench that is closed stands in its place: nobody opens twice; of two that start on one day neither closes the other
      AND NOT coalesce(opportunity AND CASE
              WHEN (a).works_id IS NULL OR b_layers = '{}' THEN false
              WHEN a_stated_starts < b_stated_starts THEN b_layers <@ CAST(:layers_closing AS text[])
                                                           AND (a).layer <> ALL(CAST(:layers_closing AS text[]))
              WHEN b_stated_starts < a_stated_starts THEN (a).layer = ANY(CAST(:layers_closing AS text[]))
                                                           AND NOT b_layers && CAST(:layers_closing AS text[]) END, false)
