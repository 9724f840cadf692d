-- How works become claims.
-- A phase that breaks the surface is an `opening`, one that only takes up room an `occupancy`: its zone widened to the working width,
-- its period widened by the slack of its certainty. Finished works leave a `guarantee` on the ground they reinstated, and their sperperiode, a `protection`. A building project
-- of the city must stay reachable: an `access`. Cancelled, deleted and (but for the guarantee) finished works claim nothing; nor does a phase that
-- is over, while a later phase is what keeps the works going.
-- Records of one dig (phase_digs) keep claims of their own, and meet others as one.
-- Parameters: everything, or works_ids, today, working_width_*, prices, guarantee_months, protection_works_years, umbrella_*, lapsed_wish_share, access_reach_m, learn_reliability.
WITH phase AS (
    SELECT p.id, p.works_id, p.opens_surface, p.surfaces, p.done, p.done_on, p.geom, lower(p.during) AS starts, upper(p.during) AS ends,
           w.kind AS works_kind, w.certainty, w.working_days, w.finished_on, w.category, w.utilities, w.layer, o.owner_group_id, g.kind AS owner_kind,
           coalesce(own.slack_before_days, everyone.slack_before_days, c.slack_before_days) AS slack_before_days,
           coalesce(own.slack_after_days, everyone.slack_after_days, c.slack_after_days) AS slack_after_days,
           coalesce(own.probability, everyone.probability, c.probability) AS probability, c.firm, coalesce(d.dig_id, p.id) AS group_id,
           coalesce(w.umbrella, (ST_Area(p.geom) >= :umbrella_alone_m2
                                 OR upper(p.during) - lower(p.during) >= :umbrella_min_days
                                    AND coalesce(contract.m2, ST_Area(p.geom)) >= :umbrella_min_m2)
                                -- A site that runs and says in a smaller zone where: there it is.
                                AND NOT (w.certainty = 'in_progress' AND ST_Area(p.geom) < :umbrella_min_m2
                                         AND EXISTS (SELECT FROM phases site WHERE site.works_id = p.works_id AND site.id <> p.id
                                                     AND ST_Area(site.geom) >= :umbrella_min_m2))) AS umbrella,
           outline.width_m,
           -- Works that vanished stay as they were on the day they were last looked for: vanishing releases nothing by itself.
           CASE WHEN w.vanished_at IS NULL THEN CAST(:today AS date)
                ELSE (SELECT least(CAST(:today AS date), max(s.observed_on)) FROM source_changes s
                      WHERE s.works_id = w.id AND s.field = 'vanished' AND s.new_value IS NOT NULL) END AS seen_on
    FROM phases p
    JOIN works w ON w.id = p.works_id
    JOIN organisations o ON o.id = w.owner_id
    JOIN owner_groups g ON g.id = o.owner_group_id
    JOIN certainties c ON c.certainty = w.certainty
    -- How reliable this owner's dates are, else those of all owners; learnt ones only where learning is on.
    LEFT JOIN reliabilities own ON own.owner_group_id = o.owner_group_id AND own.certainty = w.certainty
        AND (own.source IS NOT NULL OR :learn_reliability = 1)
    LEFT JOIN reliabilities everyone ON everyone.owner_group_id IS NULL AND everyone.certainty = w.certainty
        AND (everyone.source IS NOT NULL OR :learn_reliability = 1)
    LEFT JOIN phase_digs d ON d.phase_id = p.id
    -- The short side of the rectangle that has the area A and the outline P of one part: (P/2 - sqrt(P²/4 - 4A)) / 2. For a strip that is
    -- its width, for a pit its shorter side.
    CROSS JOIN LATERAL (
        SELECT (outline_m / 2 - sqrt(greatest(0, outline_m * outline_m / 4 - 4 * part_m2))) / 2 AS width_m
        FROM (SELECT ST_Area(p.geom) / ST_NumGeometries(p.geom) AS part_m2, ST_Perimeter(p.geom) / ST_NumGeometries(p.geom) AS outline_m) one
    ) outline
    -- A contract under thirteen ids is as large as all of them together, but rows of one year each are no contract of years.
    LEFT JOIN LATERAL (
        SELECT sum(ST_Area(one.geom)) AS m2
        FROM phase_digs mate JOIN phases one ON one.id = mate.phase_id WHERE mate.dig_id = d.dig_id
    ) contract ON d.dig_id IS NOT NULL
    WHERE w.deleted_at IS NULL AND w.certainty <> 'cancelled'
      AND (:everything OR p.works_id = ANY(CAST(:works_ids AS uuid[])))
), dated AS (
    SELECT phase.*,
           -- somebody must ask whether they are finished
           certainty = 'in_progress' AND long_past AS late, long_past,
           -- the works began and went on to a later phase: what their status says now, it says of that one
           certainty = 'done' OR done
           OR long_past
              AND EXISTS (SELECT FROM phases later WHERE later.works_id = phase.works_id AND lower(later.during) >= phase.ends)
              AND (certainty = 'in_progress'
                   OR EXISTS (SELECT FROM source_changes s WHERE s.works_id = phase.works_id AND s.field = 'certainty'
                                                             AND s.old_value = 'in_progress' AND s.observed_on > phase.starts)) AS over,
           certainty IN ('indicative', 'planned', 'confirmed') AND starts < seen_on AS overdue,
           -- works that run past their end take at least today, whether they are still shown or not; once late, no longer than they are shown
           CASE WHEN certainty = 'in_progress' AND ends <= CAST(:today AS date)
                THEN CASE WHEN long_past THEN seen_on ELSE CAST(:today AS date) END + 1 END AS overrun_until,
           CAST(CASE WHEN NOT opens_surface THEN :working_width_occupancy_m
                     WHEN array_to_string(utilities, ' ') ~* 'riol|sewer' THEN :working_width_sewer_m
                     WHEN category ~ '1' THEN :working_width_category_1_m
                     WHEN category ~ '2' THEN :working_width_category_2_m
                     WHEN category ~ '3' THEN :working_width_category_3_m
                     ELSE :working_width_m END AS float8) AS working_width_m
    FROM phase
    CROSS JOIN LATERAL (
        -- past its end for longer than its dates are known to be off
        SELECT ends + greatest(slack_after_days, CAST(:late_after_days AS integer)) <= CAST(:today AS date) AS long_past
    ) doubt
), footprint AS (
    SELECT dated.*, CASE
        WHEN coalesce(width_m, 0) < working_width_m
        -- a point with flat ends would have no ground at all
        THEN ST_Buffer(geom, (working_width_m - coalesce(width_m, 0)) / 2,
                       CASE WHEN ST_Dimension(geom) = 0 THEN 'endcap=round' ELSE 'endcap=flat join=mitre mitre_limit=2' END)
        ELSE geom END AS ground
    FROM dated
), placed AS MATERIALIZED (
    -- PERF: kept, as its ground and price would be computed again for each claim
    SELECT footprint.*, under.sides,
\ir price.sql
           AS eur_per_m2
    FROM footprint
    -- as drawn: what is widened into another footpath does not lie on it
    CROSS JOIN LATERAL (SELECT CASE WHEN ST_Area(footprint.geom) > 0 THEN footprint.geom ELSE footprint.ground END AS geom) drawn
    CROSS JOIN LATERAL (
\ir street_sides.sql
    ) under
)
SELECT claim.kind, id AS origin_id, works_id, CAST(NULL AS uuid) AS repair_id, CAST(NULL AS uuid) AS building_id, owner_group_id,
       claim.starts, claim.ends, placed.starts AS stated_starts, placed.ends AS stated_ends, certainty,
       claim.probability, claim.firm, claim.umbrella, claim.overdue, claim.moratorium_until,
       surfaces, CAST(NULL AS float8) AS value_eur, CAST(NULL AS integer) AS life_days, claim.geom,
       group_id, CAST(NULL AS uuid) AS street_id, sides, claim.severity, claim.eur_per_m2, layer
FROM placed
CROSS JOIN LATERAL (
    SELECT closed_on,
           CAST(closed_on + make_interval(months => CAST(:guarantee_months AS integer)) AS date) AS guaranteed_until,
           CAST(closed_on + make_interval(years => CAST(:protection_works_years AS integer)) AS date) AS protected_until,
           -- as drawn: one metre beside the trench is not the utility's
           CASE WHEN ST_Area(placed.geom) > 0 THEN placed.geom ELSE ground END AS trench
    FROM (SELECT least(placed.ends, finished_on, done_on) AS closed_on) last
) closing
CROSS JOIN LATERAL (
    SELECT CASE WHEN opens_surface THEN 'opening' ELSE 'occupancy' END AS kind,
           placed.starts - slack_before_days AS starts,
           -- Overdue works can still begin today and then take as long as they expect to (five working days a week), or else as the whole
           -- window (of at most `overdue_most_days`: longer ones are possible days, no works).
           greatest(placed.ends + slack_after_days,
                    CASE WHEN overdue
                         THEN seen_on + least(placed.ends - placed.starts,
                                              coalesce((working_days * 7 + 4) / 5, CAST(:overdue_most_days AS integer))) + slack_after_days END,
                    overrun_until) AS ends,
           -- Umbrella works are at any one place for a few days of their years; a wish that nobody took up in its days hardly comes any more.
           probability * CASE WHEN umbrella THEN least(1, CAST(:umbrella_presence_days AS float8) / (placed.ends - placed.starts)) ELSE 1 END
                       * CASE WHEN certainty = 'indicative' AND long_past THEN CAST(:lapsed_wish_share AS float8) ELSE 1 END AS probability,
           firm AND NOT umbrella AS firm, umbrella, overdue OR late AS overdue, CAST(NULL AS date) AS moratorium_until,
           ground AS geom, CAST(NULL AS text) AS severity, eur_per_m2
    WHERE NOT over
    UNION ALL
    -- works that are late may well be finished: whoever finds a hole in their trench is told so
    SELECT 'guarantee', closed_on, guaranteed_until, 1, true, umbrella, false, NULL, trench, NULL, eur_per_m2
    WHERE (over OR late) AND opens_surface AND guaranteed_until > CAST(:today AS date)
    UNION ALL
    -- of what surely is over, and of which is known where it dug
    SELECT 'protection', closed_on, protected_until, 1, true, false, false, protected_until, trench, NULL, eur_per_m2
    WHERE (certainty = 'done' OR done) AND opens_surface AND NOT umbrella AND protected_until > CAST(:today AS date)
    UNION ALL
    SELECT 'access', placed.starts, greatest(placed.ends, overrun_until, CASE WHEN overdue THEN seen_on + 1 END),
           probability, true, false, false, NULL, ST_Buffer(placed.geom, CAST(:access_reach_m AS float8), 'join=mitre'), 'medium', NULL
    WHERE NOT over AND works_kind = 'building_project' AND owner_kind = 'city'
) claim
