-- Two claims whose kinds a rule forbids to meet (or, for an opportunity, wishes to), close together, in the same days.
-- One statement for three runs: everything (:everything), these works, repairs, buildings and streets, and what if (:what_if holds
-- claims that are stored nowhere). Each claim looks around itself once, for all rules; the rules come last, on the pair of kinds.
-- What counts as one (a dig of several records, a building in all its terms) meets as one: whoever runs it looks from all its parts.
-- `OFFSET 0` keeps the planner from taking a step apart: the rules stay behind the probe, and what is computed is computed once.
WITH subject AS (
    SELECT c.* FROM claims c
    WHERE CAST(:what_if AS jsonb) IS NULL
      AND (:everything OR c.works_id = ANY(CAST(:works_ids AS uuid[])) OR c.repair_id = ANY(CAST(:repair_ids AS uuid[]))
           OR c.building_id = ANY(CAST(:building_ids AS uuid[])) OR c.street_id = ANY(CAST(:street_ids AS uuid[])))
    UNION ALL
    SELECT w.* FROM jsonb_populate_recordset(CAST(NULL AS claims), CAST(:what_if AS jsonb)) w
), rule AS NOT MATERIALIZED (  -- nor the next two: parallel workers cannot read what is kept for the whole statement, they can read the rules
    SELECT * FROM (SELECT DISTINCT ON (id) * FROM rules ORDER BY id, version DESC) newest WHERE life <> 'retired'
), side AS NOT MATERIALIZED (
    -- Every rule, seen from both of its sides. Where all claims look around, from side a is enough; what is counted on b, b looks for.
    SELECT r.*, kinds_a AS own_kinds, kinds_b AS other_kinds, true AS own_is_a, before_days AS reach_before, after_days AS reach_after
    FROM rule r WHERE least_count IS NULL
    UNION ALL
    SELECT r.*, kinds_b, kinds_a, false, after_days, before_days
    FROM rule r WHERE NOT :everything OR least_count IS NOT NULL
), reach AS NOT MATERIALIZED (  -- for what kinds, how far, and how many days around itself a kind of claim must look
    SELECT own_kind, array_agg(other_kind) AS other_kinds, max(clearance_m) AS clearance_m, max(reach_before) AS before_days, max(reach_after) AS after_days
    FROM side, unnest(own_kinds) own_kind, unnest(other_kinds) other_kind GROUP BY own_kind
), near AS (
    SELECT s.*, o AS other
    FROM subject s
    JOIN reach ON reach.own_kind = s.kind
    JOIN claims o
      ON o.geom && ST_Expand(s.geom, reach.clearance_m)
     AND daterange(o.starts, o.ends) && daterange(s.starts - reach.before_days, s.ends + reach.after_days)
    WHERE o.kind = ANY(reach.other_kinds) AND s.whole_id <> o.whole_id
      AND (s.repair_id IS NULL OR o.repair_id IS DISTINCT FROM s.repair_id)
      AND (s.works_id IS NULL OR o.works_id IS DISTINCT FROM s.works_id)
      -- two claims that both look around find each other once
      AND (:everything OR CAST(:what_if AS jsonb) IS NOT NULL OR s.id < o.id OR s.kind = 'street' OR NOT (
               coalesce(o.works_id = ANY(CAST(:works_ids AS uuid[])), false)
               OR coalesce(o.repair_id = ANY(CAST(:repair_ids AS uuid[])), false)
               OR coalesce(o.building_id = ANY(CAST(:building_ids AS uuid[])), false)))
      -- Works that their source stopped showing keep their days: once those are over, two sites no longer meet. A repair waits on,
      -- until somebody confirms that the works are finished.
      AND (s.repair_id IS NOT NULL OR o.repair_id IS NOT NULL OR least(s.ends, o.ends) > CAST(:today AS date) OR s.kind = 'street')
      -- both say which surface they take, and it is not the same one
      AND (s.surfaces = '{}' OR o.surfaces = '{}' OR s.surfaces && o.surfaces)
    OFFSET 0
), pair AS (
    SELECT row_number() OVER () AS n, v.id AS rule_id, v.version AS rule_version, v.life = 'shadow' AS shadow, v.severity AS fixed_severity, v.blocking AS may_block,
           v.opportunity, v.departments, reach_m, v.least_share, mirrored, v.least_count, v.window_days, v.yields_to,
           CASE WHEN v.own_is_a THEN own ELSE other END AS a, CASE WHEN v.own_is_a THEN other ELSE own END AS b
    FROM near s
    JOIN side v ON s.kind = ANY(v.own_kinds) AND (other).kind = ANY(v.other_kinds)  -- a dozen rows that are gone through for each pair
    CROSS JOIN LATERAL (SELECT s.kind = ANY(v.other_kinds) AND (other).kind = ANY(v.own_kinds) AS mirrored) either
    -- The subject as one value again, only for pairs that come this far: the columns of `claims`, all of them and in their order.
    CROSS JOIN LATERAL (
        SELECT CAST(ROW(s.id, s.kind, s.origin_id, s.works_id, s.repair_id, s.building_id, s.owner_group_id, s.starts, s.ends, s.stated_starts,
                        s.stated_ends, s.certainty, s.probability, s.firm, s.umbrella, s.overdue, s.moratorium_until, s.surfaces, s.value_eur,
                        s.life_days, s.geom, s.whole_id, s.street_id, s.sides, s.severity, s.eur_per_m2, s.layer) AS claims) AS own
    ) whole
    -- what holds a repair keeps closer where it is not known that both lie on one side, or where the kerb is
    CROSS JOIN LATERAL (
        SELECT CASE WHEN v.blocking AND (s.sides = '{}' OR (other).sides = '{}'
                                         OR CASE WHEN s.repair_id IS NULL THEN (other).surfaces ELSE s.surfaces END = '{}') THEN least(v.clearance_m, :unsure_clearance_m)
                    ELSE v.clearance_m END AS reach_m
    ) sure
    WHERE daterange((other).starts, (other).ends) && daterange(s.starts - v.reach_before, s.ends + v.reach_after)
      -- a rule that either side could begin tells its pair once, in one order
      AND (NOT mirrored OR v.own_is_a = (s.whole_id < (other).whole_id))
      AND CASE v.owners WHEN 'same' THEN s.owner_group_id = (other).owner_group_id
                        WHEN 'different' THEN s.owner_group_id IS DISTINCT FROM (other).owner_group_id ELSE true END
      -- A wish is not believed to slip: one that says it is over before the repair begins does not meet it. Its slack is told.
      AND (s.repair_id IS NULL AND (other).repair_id IS NULL OR CASE WHEN s.repair_id IS NULL THEN s.firm OR s.overdue OR s.stated_ends > (other).starts
                ELSE (other).firm OR (other).overdue OR (other).stated_ends > s.starts END IS NOT FALSE)
      -- both know on which sides of the street they lie, and share none
      AND (NOT v.same_side OR s.sides = '{}' OR (other).sides = '{}' OR s.sides && (other).sides)
      AND (v.ends_within_days IS NULL OR CASE WHEN v.own_is_a THEN (other).ends <= s.starts + v.ends_within_days
                                                              ELSE s.ends <= (other).starts + v.ends_within_days END)
      -- what lies in one street for months is no opportunity to meet
      AND NOT (v.opportunity AND (s.umbrella OR (other).umbrella))
      -- The distance of two detailed outlines that do not meet takes every corner of one with every corner of the other: only their lines
      -- around each other are looked at.
      AND CASE WHEN ST_NPoints(s.geom) + ST_NPoints((other).geom) < 50 THEN ST_DWithin(s.geom, (other).geom, reach_m)
               ELSE ST_Intersects(s.geom, (other).geom) OR reach_m > 0 AND ST_DWithin(
                   ST_ClipByBox2D(ST_Boundary(s.geom), ST_Expand(Box2D((other).geom), reach_m + 1)),
                   ST_ClipByBox2D(ST_Boundary((other).geom), ST_Expand(Box2D(s.geom), reach_m + 1)), reach_m) END
      -- a dig that only touches the street is not in it
      AND (v.least_count IS NULL OR ST_Area(ST_Intersection(s.geom, (other).geom)) >= v.least_share * ST_Area((other).geom))
    OFFSET 0
), part AS (  -- pairs that are not the only one between their wholes
    SELECT n FROM (
        SELECT n, count(*) OVER (PARTITION BY rule_id, a_kind, a_whole_id, b_kind, b_whole_id) AS pairs
        FROM (SELECT n, rule_id, (a).kind AS a_kind, (a).whole_id AS a_whole_id, (b).kind AS b_kind, (b).whole_id AS b_whole_id
              FROM pair WHERE least_count IS NULL OFFSET 0) narrow
    ) counted
    WHERE pairs > 1
), dig AS (  -- for rules that count: each dig once, from the day its first part began
    SELECT DISTINCT ON (rule_id, (b).whole_id, (a).whole_id) pair.*, (a).stated_starts AS begins
    FROM pair WHERE least_count IS NOT NULL
    ORDER BY rule_id, (b).whole_id, (a).whole_id, (a).stated_starts, (a).origin_id
), met AS (
\ir meetings.sql
), measured AS (
    SELECT m.*, ST_Distance(a_geom, b_geom) AS distance_m, meeting.geom AS meeting_geom, ST_Area(meeting.geom) AS overlap_m2,
           ST_Area(a_geom) AS a_m2, ST_Area(b_geom) AS b_m2,
           -- both must come about; a repair, an investment and a guarantee are certain
           a_probability * b_probability AS probability,
           -- An investment starts when the repair ends: the gap is how long the new surface would lie.
           CASE WHEN (a).kind = 'investment' THEN greatest(0, b_starts - a_starts)
                ELSE greatest(0, b_starts - a_ends, a_starts - b_ends) END AS gap_days,
           least(a_ends, b_ends) - greatest(a_starts, b_starts) AS shared_days
    FROM met m
    CROSS JOIN LATERAL (
        SELECT CASE WHEN ST_NPoints(a_geom) > 500 AND ST_Contains(a_geom, b_geom) THEN b_geom  -- quickly seen
                    WHEN ST_NPoints(b_geom) > 500 AND ST_Contains(b_geom, a_geom) THEN a_geom
                    ELSE ST_CollectionExtract(ST_Intersection(a_geom, b_geom), 3) END AS geom
        OFFSET 0
    ) meeting
    OFFSET 0
), shared AS (
    SELECT m.*, CASE
        -- Ground that both lie near: of the smaller one, as one trench could serve both there. Of a repair that is opened: what must be
        -- relaid, the cut itself (or the edge nearest to it) and `relay_margin_m` around.
        WHEN opportunity OR (a).repair_id IS NOT NULL AND (b).kind = 'opening'
        THEN (SELECT ST_Area(ST_Intersection(small, ST_Buffer(near_small, around_m)))
              FROM (SELECT CASE WHEN opportunity THEN reach_m ELSE distance_m + :relay_margin_m END AS around_m) around,
              (SELECT a_m2 <= b_m2 OR (a).repair_id IS NOT NULL AS a_is) smaller,
              LATERAL (SELECT CASE WHEN a_is THEN a_geom ELSE b_geom END AS small, CASE WHEN a_is THEN b_geom ELSE a_geom END AS large) two,
              -- a detailed outline takes long to widen
              LATERAL (SELECT CASE WHEN ST_NPoints(large) > 100 THEN ST_Intersection(large, ST_Expand(small, around_m + 1))
                                   ELSE large END AS near_small OFFSET 0) cut)
        ELSE overlap_m2 END AS shared_m2
    FROM measured m
    CROSS JOIN LATERAL (
\ir kerb.sql
    ) kerb
    WHERE NOT across_kerb
    OFFSET 0
), lost AS (
    SELECT s.*,
           -- Works that come after a footpath by their layer take nothing from it.
           (a).repair_id IS NOT NULL AND (b).layer = ANY(CAST(:layers_after AS text[])) AND NOT 'carriageway' = ANY((a).surfaces) AS after,
           -- Who must relay most of it relays all of it.
           CASE WHEN (a).repair_id IS NOT NULL AND (b).kind = 'opening'
                THEN CASE WHEN shared_m2 >= :relay_whole_share * a_m2 THEN 1 ELSE shared_m2 / a_m2 END END AS lost_share
    FROM shared s
    OFFSET 0
), priced AS (
    SELECT s.*,
           CASE WHEN (a).kind IN ('repair', 'investment') AND (b).kind = 'opening' AND NOT after
                THEN round(CAST((a).value_eur * lost_share
                                * greatest(0, 1 - gap_days / CAST((a).life_days AS float8)) * probability AS numeric), 2) ELSE 0 END AS cost_at_risk_eur,
           -- Opened once instead of twice, the shared ground is relaid once; a repair that the utility takes along costs nothing.
           CASE WHEN NOT opportunity THEN 0
                WHEN (a).repair_id IS NOT NULL THEN round(CAST((a).value_eur * probability AS numeric), 2)
                ELSE round(CAST(shared_m2 * least((a).eur_per_m2, (b).eur_per_m2) * probability AS numeric), 2) END AS saving_eur
    FROM lost s
    WHERE least_count IS NOT NULL
       OR CASE WHEN opportunity THEN shared_m2 ELSE overlap_m2 END >= least_share * CASE WHEN mirrored THEN least(a_m2, b_m2) ELSE a_m2 END
), judged AS (
    SELECT p.*, crossing, CASE
        -- Umbrella works say little of where they are, unless what is shared is a good part of their own ground.
        WHEN least_count IS NULL AND (a_umbrella AND overlap_m2 < :umbrella_least_share * a_m2
                                      OR b_umbrella AND overlap_m2 < :umbrella_least_share * b_m2) THEN 'low'
        WHEN after THEN 'low'
        WHEN fixed_severity IS NOT NULL THEN fixed_severity
        WHEN (b).severity IS NOT NULL THEN (b).severity
        WHEN cost_at_risk_eur + saving_eur >= :critical_from_eur THEN 'critical'
        WHEN cost_at_risk_eur + saving_eur >= :high_from_eur THEN 'high'
        WHEN cost_at_risk_eur + saving_eur >= :medium_from_eur THEN 'medium'
        ELSE 'low' END AS severity
    FROM priced p
    CROSS JOIN LATERAL (
\ir crossing.sql
    ) street
), told AS (
\ir told.sql
), beside AS (
    -- a window, as a join of all pairs with all pairs would take the square of their number; this late, as rows are narrow here
    SELECT t.*, array_agg(rule_id) FILTER (WHERE NOT shadow) OVER (PARTITION BY a_origin_id, b_origin_id) AS rules_here FROM told t
)
SELECT rule_id, rule_version, shadow, opportunity, departments, severity, blocking, a_kind, a_origin_id, b_kind, b_origin_id, a, b, works_ids,
       repair_id, building_id, street_id, over_on, facts, geom
FROM beside
WHERE NOT coalesce(yields_to && rules_here, false)
