-- Two claims whose kinds a rule forbids to meet, close together, in the same days.
-- One statement for three runs: everything (:everything), these works, repairs and buildings, and what if (:what_if holds claims
-- that are stored nowhere). Each claim looks around itself once, for all rules; the rules come last, on the pair of kinds.
-- `OFFSET 0` keeps the planner from taking a step apart: the rules stay behind the probe, and what is computed is computed once.
WITH subject AS (
    SELECT c.* FROM claims c
    WHERE CAST(:what_if AS jsonb) IS NULL
      AND (:everything OR c.works_id = ANY(CAST(:works_ids AS uuid[])) OR c.repair_id = ANY(CAST(:repair_ids AS uuid[]))
           OR c.building_id = ANY(CAST(:building_ids AS uuid[])))
    UNION ALL
    SELECT w.* FROM jsonb_populate_recordset(CAST(NULL AS claims), CAST(:what_if AS jsonb)) w
), rule AS MATERIALIZED (
    SELECT * FROM (SELECT DISTINCT ON (id) * FROM rules ORDER BY id, version DESC) newest WHERE life <> 'retired'
), side AS MATERIALIZED (  -- every rule, seen from both of its sides; where all claims look around, from side a is enough
    SELECT r.*, kind_a AS own_kind, kind_b AS other_kind, true AS own_is_a, kind_b = ANY(kinds_a) AND kind_a = ANY(kinds_b) AS symmetric,
           before_days AS reach_before, after_days AS reach_after
    FROM rule r, unnest(kinds_a) kind_a, unnest(kinds_b) kind_b
    UNION ALL
    SELECT r.*, kind_b, kind_a, false, kind_b = ANY(kinds_a) AND kind_a = ANY(kinds_b), after_days, before_days
    FROM rule r, unnest(kinds_a) kind_a, unnest(kinds_b) kind_b
    WHERE NOT :everything
), reach AS MATERIALIZED (  -- how far, and how many days around itself, a kind of claim must look
    SELECT own_kind, max(clearance_m) AS clearance_m, max(reach_before) AS before_days, max(reach_after) AS after_days
    FROM side GROUP BY own_kind
), near AS (
    SELECT s.*, o AS other
    FROM subject s
    JOIN reach ON reach.own_kind = s.kind
    JOIN claims o
      ON o.geom && ST_Expand(s.geom, reach.clearance_m)
     AND daterange(o.starts, o.ends) && daterange(s.starts - reach.before_days, s.ends + reach.after_days)
    WHERE s.origin_id <> o.origin_id
      AND (s.repair_id IS NULL OR o.repair_id IS DISTINCT FROM s.repair_id)
      AND (s.works_id IS NULL OR o.works_id IS DISTINCT FROM s.works_id)
      -- two claims that both look around find each other once
      AND (:everything OR CAST(:what_if AS jsonb) IS NOT NULL OR s.id < o.id OR NOT (
               coalesce(o.works_id = ANY(CAST(:works_ids AS uuid[])), false)
               OR coalesce(o.repair_id = ANY(CAST(:repair_ids AS uuid[])), false)
               OR coalesce(o.building_id = ANY(CAST(:building_ids AS uuid[])), false)))
      -- Works that their source stopped showing keep their days: once those are over, two sites no longer meet. A repair waits on,
      -- until somebody confirms that the works are finished.
      AND (s.repair_id IS NOT NULL OR o.repair_id IS NOT NULL OR least(s.ends, o.ends) > CAST(:today AS date))
      -- both say which surface they take, and it is not the same one
      AND (s.surfaces = '{}' OR o.surfaces = '{}' OR s.surfaces && o.surfaces)
    OFFSET 0
), pair AS (
    SELECT v.id AS rule_id, v.version AS rule_version, v.life = 'shadow' AS shadow, v.severity AS fixed_severity, v.blocking AS may_block,
           v.opportunity, v.departments, v.clearance_m, v.least_share,
           CASE WHEN v.own_is_a THEN own ELSE other END AS a, CASE WHEN v.own_is_a THEN other ELSE own END AS b
    FROM near s
    JOIN side v ON v.own_kind = s.kind AND v.other_kind = (other).kind
    -- The subject as one value again, only for pairs that come this far: the columns of `claims`, all of them and in their order.
    CROSS JOIN LATERAL (
        SELECT CAST(ROW(s.id, s.kind, s.origin_id, s.works_id, s.repair_id, s.building_id, s.owner_group_id, s.starts, s.ends, s.stated_starts,
                        s.stated_ends, s.certainty, s.probability, s.firm, s.umbrella, s.overdue, s.moratorium_until, s.surfaces, s.value_eur,
                        s.life_days, s.geom) AS claims) AS own
    ) whole
    WHERE daterange((other).starts, (other).ends) && daterange(s.starts - v.reach_before, s.ends + v.reach_after)
      -- a rule that either side could begin tells its pair once, in one order
      AND (NOT v.symmetric OR v.own_is_a = (s.origin_id < (other).origin_id))
      AND CASE v.owners WHEN 'same' THEN s.owner_group_id = (other).owner_group_id
                        WHEN 'different' THEN s.owner_group_id IS DISTINCT FROM (other).owner_group_id ELSE true END
      AND ST_DWithin(s.geom, (other).geom, v.clearance_m)
    OFFSET 0
), found AS (
    SELECT m.*, ST_Distance((a).geom, (b).geom) AS distance_m, meeting.geom AS meeting_geom, ST_Area(meeting.geom) AS overlap_m2,
           -- both must come about; a repair, an investment and a guarantee are certain
           (a).probability * (b).probability AS probability,
           -- An investment starts when the repair ends: the gap is how long the new surface would lie.
           CASE WHEN (a).kind = 'investment' THEN greatest(0, (b).starts - (a).starts)
                ELSE greatest(0, (b).starts - (a).ends, (a).starts - (b).ends) END AS gap_days,
           least((a).ends, (b).ends) - greatest((a).starts, (b).starts) AS shared_days
    FROM pair m
    CROSS JOIN LATERAL (SELECT ST_CollectionExtract(ST_Intersection((m.a).geom, (m.b).geom), 3) AS geom OFFSET 0) meeting
    OFFSET 0
), priced AS (
    SELECT f.*, CASE WHEN rule_id = 'wasted_repair'
        THEN round(CAST((a).value_eur * greatest(0, 1 - gap_days / CAST((a).life_days AS float8)) * probability AS numeric), 2) ELSE 0 END AS cost_at_risk_eur
    FROM found f
), judged AS (
    SELECT p.*, CASE
        WHEN (a).umbrella OR (b).umbrella THEN 'low'
        WHEN fixed_severity IS NOT NULL THEN fixed_severity
        WHEN cost_at_risk_eur >= :critical_from_eur THEN 'critical'
        WHEN cost_at_risk_eur >= :high_from_eur THEN 'high'
        WHEN cost_at_risk_eur >= :medium_from_eur THEN 'medium'
        ELSE 'low' END AS severity
    FROM priced p
    WHERE overlap_m2 >= least_share * ST_Area((a).geom)
)
SELECT rule_id, rule_version, shadow, opportunity, departments, severity,
       -- A repair is held by works that are sure enough and near enough in time; a finished one holds nothing any more.
       may_block AND NOT shadow AND (b).firm AND (b).starts <= CAST(:today AS date) + CAST(:hold_look_ahead_days AS integer)
           AND (a).certainty IS DISTINCT FROM 'done' AS blocking,
       (a).kind AS a_kind, (a).origin_id AS a_origin_id, (b).kind AS b_kind, (b).origin_id AS b_origin_id,
       jsonb_build_object('kind', (a).kind, 'works_id', (a).works_id, 'repair_id', (a).repair_id, 'building_id', (a).building_id,
           'owner_group', (a).owner_group_id, 'starts_on', (a).starts, 'ends_on', (a).ends, 'stated_starts_on', (a).stated_starts,
           'stated_ends_on', (a).stated_ends, 'certainty', (a).certainty, 'overdue', (a).overdue, 'umbrella', (a).umbrella,
           'moratorium_until', (a).moratorium_until) AS a,
       jsonb_build_object('kind', (b).kind, 'works_id', (b).works_id, 'repair_id', (b).repair_id, 'building_id', (b).building_id,
           'owner_group', (b).owner_group_id, 'starts_on', (b).starts, 'ends_on', (b).ends, 'stated_starts_on', (b).stated_starts,
           'stated_ends_on', (b).stated_ends, 'certainty', (b).certainty, 'overdue', (b).overdue, 'umbrella', (b).umbrella,
           'moratorium_until', (b).moratorium_until) AS b,
       array_remove(ARRAY[(a).works_id, (b).works_id], NULL) AS works_ids,
       coalesce((a).repair_id, (b).repair_id) AS repair_id, coalesce((a).building_id, (b).building_id) AS building_id,
       least((a).ends, (b).ends) AS over_on,
       jsonb_build_object(
           'distance_m', round(CAST(distance_m AS numeric), 2), 'overlap_m2', round(CAST(overlap_m2 AS numeric), 2),
           'overlap_share', round(CAST(overlap_m2 / nullif(least(ST_Area((a).geom), ST_Area((b).geom)), 0) AS numeric), 4),
           'gap_days', gap_days, 'overlap_days', greatest(0, shared_days), 'probability', round(CAST(probability AS numeric), 4),
           'cost_at_risk_eur', cost_at_risk_eur,
           'inputs', jsonb_build_object('value_eur', (a).value_eur, 'life_days', (a).life_days, 'a_m2', round(CAST(ST_Area((a).geom) AS numeric), 2),
               'b_m2', round(CAST(ST_Area((b).geom) AS numeric), 2), 'clearance_m', clearance_m)) AS facts,
       CASE WHEN overlap_m2 > 0 THEN meeting_geom ELSE ST_Buffer(ST_ShortestLine((a).geom, (b).geom), 0.5) END AS geom
FROM judged
