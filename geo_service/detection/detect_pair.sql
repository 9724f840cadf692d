    -- One row: a near pair that meets one rule, as its sides a and b. Part of detect.sql.
    SELECT row_number() OVER () AS n, v.id AS rule_id, v.version AS rule_version, v.state = 'shadow' AS shadow,
           v.severity AS fixed_severity, v.blocking AS may_block, v.opportunity, v.departments, reach_m,
           v.min_overlap_share, mirrored, v.least_count, v.window_days, v.yields_to,
           CASE WHEN v.own_is_a THEN own ELSE other END AS a, CASE WHEN v.own_is_a THEN other ELSE own END AS b
    FROM near
    JOIN side v ON (own).kind = ANY(v.own_kinds) AND (other).kind = ANY(v.other_kinds)
    CROSS JOIN LATERAL (
        SELECT (own).kind = ANY(v.other_kinds) AND (other).kind = ANY(v.own_kinds) AS mirrored
    ) either
    -- What holds a repair keeps closer where it is not known that both lie on one side, or where the kerb is.
    CROSS JOIN LATERAL (
        SELECT CASE WHEN v.blocking AND (
                        (own).sides = '{}' OR (other).sides = '{}'
                        OR CASE WHEN (own).repair_id IS NULL THEN (other).surfaces ELSE (own).surfaces END = '{}')
                    THEN least(v.clearance_m, :unsure_clearance_m)
                    ELSE v.clearance_m END AS reach_m
    ) clearance
    WHERE daterange((other).starts, (other).ends)
          && daterange((own).starts - v.reach_before, (own).ends + v.reach_after)
      -- a rule that either side could begin tells its pair once, in one order
      AND (NOT mirrored OR v.own_is_a = ((own).group_id < (other).group_id))
      AND CASE v.owners WHEN 'same' THEN (own).owner_group_id = (other).owner_group_id
                        WHEN 'different' THEN (own).owner_group_id IS DISTINCT FROM (other).owner_group_id
                        ELSE true END
      -- Works that are not firm do not meet a repair by their slack: they meet it by the days that they state.
      AND ((own).repair_id IS NULL AND (other).repair_id IS NULL
           OR CASE WHEN (own).repair_id IS NULL
                   THEN (own).firm OR (own).overdue OR (own).stated_ends > (other).starts
                   ELSE (other).firm OR (other).overdue OR (other).stated_ends > (own).starts END IS NOT FALSE)
      -- both know on which sides of the street they lie, and share none
      AND (NOT v.same_side OR (own).sides = '{}' OR (other).sides = '{}' OR (own).sides && (other).sides)
      AND (v.ends_within_days IS NULL
           OR CASE WHEN v.own_is_a THEN NOT (other).overdue AND (other).ends <= (own).starts + v.ends_within_days
                   ELSE NOT (own).overdue AND (own).ends <= (other).starts + v.ends_within_days END)
      -- who was digging already when the other closed the ground opens nothing that was protected
      AND CASE WHEN (own).kind = 'protection' THEN (other).certainty = 'in_progress' AND (other).stated_starts < (own).starts
               WHEN (other).kind = 'protection' THEN (own).certainty = 'in_progress' AND (own).stated_starts < (other).starts
               END IS NOT TRUE
      -- what lies in one street for months is no opportunity to meet
      AND NOT (v.opportunity AND ((own).umbrella OR (other).umbrella))
      -- PERF: the distance of two detailed outlines that do not meet compares every corner of one with every corner of
      -- the other; so only their lines around each other are compared.
      AND CASE WHEN ST_NPoints((own).geom) + ST_NPoints((other).geom) >= 50
               THEN ST_Intersects((own).geom, (other).geom) OR reach_m > 0 AND ST_DWithin(
                   ST_ClipByBox2D(ST_Boundary((own).geom), ST_Expand(Box2D((other).geom), reach_m + 1)),
                   ST_ClipByBox2D(ST_Boundary((other).geom), ST_Expand(Box2D((own).geom), reach_m + 1)), reach_m)
               ELSE ST_DWithin((own).geom, (other).geom, reach_m) END
      -- a dig that only touches the street is not in it
      AND (v.least_count IS NULL
           OR ST_Area(ST_Intersection((own).geom, (other).geom)) >= v.min_overlap_share * ST_Area((other).geom))
    OFFSET 0
