    -- One row: a subject and another claim close enough, in days close enough, for some rule. Part of detect.sql.
    SELECT own, o AS other
    FROM subject s
    JOIN reach ON reach.own_kind = (own).kind
    JOIN claims o
      ON o.geom && ST_Expand((own).geom, reach.clearance_m)
     AND daterange(o.starts, o.ends) && daterange((own).starts - reach.before_days, (own).ends + reach.after_days)
    WHERE o.kind = ANY(reach.other_kinds) AND (own).group_id <> o.group_id
      AND ((own).repair_id IS NULL OR o.repair_id IS DISTINCT FROM (own).repair_id)
      AND ((own).works_id IS NULL OR o.works_id IS DISTINCT FROM (own).works_id)
      -- two claims that both look around find each other once
      AND (:everything OR CAST(:what_if AS jsonb) IS NOT NULL OR (own).id < o.id OR (own).kind = 'street' OR NOT (
               coalesce(o.works_id = ANY(CAST(:works_ids AS uuid[])), false)
               OR coalesce(o.repair_id = ANY(CAST(:repair_ids AS uuid[])), false)
               OR coalesce(o.building_id = ANY(CAST(:building_ids AS uuid[])), false)))
      -- Works that their source no longer shows keep their days: once those are over, two sites no longer meet. A
      -- repair waits on, until somebody confirms that the works are finished.
      AND ((own).repair_id IS NOT NULL OR o.repair_id IS NOT NULL OR (own).kind = 'street'
           OR least((own).ends, o.ends) > CAST(:today AS date))
      -- both say which surface they take, and it is not the same one
      AND ((own).surfaces = '{}' OR o.surfaces = '{}' OR (own).surfaces && o.surfaces)
    OFFSET 0
