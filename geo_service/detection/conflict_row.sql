    -- One row: a conflict as it is stored. Part of detect.sql.
    SELECT rule_id, rule_version, shadow, opportunity, departments, severity,
           -- A repair is held by works that are firm and soon enough; not by works that come after it by their layer,
           -- nor by works of another street that meet it on the crossing. A finished repair holds nothing any more.
           may_block AND NOT shadow AND b_holds AND NOT after AND crossing IS NOT TRUE
               AND (a).certainty IS DISTINCT FROM 'done' AS blocking,
           a_kind, a_group_id AS a_origin_id, b_kind, b_group_id AS b_origin_id,
           jsonb_build_object(
               'kind', (a).kind, 'works_id', (a).works_id, 'works_ids', a_works_ids, 'repair_id', (a).repair_id,
               'building_id', (a).building_id, 'street_id', (a).street_id, 'owner_group', (a).owner_group_id,
               'starts_on', a_starts, 'ends_on', a_ends,
               'stated_starts_on', a_stated_starts, 'stated_ends_on', a_stated_ends,
               'certainty', (a).certainty, 'overdue', a_overdue, 'umbrella', a_umbrella, 'sides', (a).sides,
               'moratorium_until', (a).moratorium_until) AS a,
           jsonb_build_object(
               'kind', (b).kind, 'works_id', (b).works_id, 'works_ids', b_works_ids, 'repair_id', (b).repair_id,
               'building_id', (b).building_id, 'street_id', (b).street_id, 'owner_group', (b).owner_group_id,
               'starts_on', b_starts, 'ends_on', b_ends,
               'stated_starts_on', b_stated_starts, 'stated_ends_on', b_stated_ends,
               'certainty', (b).certainty, 'overdue', b_overdue, 'umbrella', b_umbrella, 'sides', (b).sides,
               'moratorium_until', (b).moratorium_until, 'layers', b_layers)
               || CASE WHEN (b).building_id IS NOT NULL
                       THEN (SELECT jsonb_build_object('place', coalesce(h.name, h.street || ' ' || h.house_number))
                             FROM buildings h WHERE h.id = (b).building_id)
                       WHEN (b).street_id IS NOT NULL
                       THEN (SELECT jsonb_build_object('place', name) FROM streets WHERE id = (b).street_id)
                       WHEN (b).kind = 'access'
                       THEN (SELECT jsonb_build_object('place', title) FROM works WHERE id = (b).works_id)
                       ELSE '{}' END AS b,
           a_works_ids || b_works_ids AS works_ids, coalesce((a).repair_id, (b).repair_id) AS repair_id,
           coalesce((a).building_id, (b).building_id) AS building_id, (b).street_id AS street_id,
           least(a_ends, b_ends) AS over_on,
           jsonb_build_object(
               'distance_m', round(CAST(distance_m AS numeric), 2),
               'overlap_m2', round(CAST(overlap_m2 AS numeric), 2),
               'overlap_share', round(CAST(overlap_m2 / nullif(least(a_m2, b_m2), 0) AS numeric), 4),
               'gap_days', gap_days, 'overlap_days', greatest(0, shared_days),
               'probability', round(CAST(probability AS numeric), 4), 'cost_at_risk_eur', cost_at_risk_eur,
               'inputs', jsonb_build_object(
                       'value_eur', (a).value_eur, 'life_days', (a).life_days, 'a_m2', round(CAST(a_m2 AS numeric), 2),
                       'b_m2', round(CAST(b_m2 AS numeric), 2), 'clearance_m', reach_m)
                   || jsonb_strip_nulls(jsonb_build_object(
                       'shared_m2', CASE WHEN opportunity OR shared_m2 <> overlap_m2
                                         THEN round(CAST(shared_m2 AS numeric), 2) END,
                       'eur_per_m2', CASE WHEN (a).repair_id IS NULL THEN least((a).eur_per_m2, (b).eur_per_m2)
                                          ELSE (a).eur_per_m2 END,
                       'a_probability', nullif(a_probability, 1), 'b_probability', nullif(b_probability, 1),
                       'least_count', least_count, 'window_days', window_days)))
               || jsonb_strip_nulls(jsonb_build_object(
                   'saving_eur', CASE WHEN opportunity THEN saving_eur END, 'digs', digs,
                   'lost_m2', round(CAST(lost_share * a_m2 AS numeric), 2),
                   'lost_share', round(CAST(lost_share AS numeric), 4),
                   'after', nullif(after, false), 'crossing', nullif(crossing, false),
                   'joint', nullif(joint, false))) AS facts,
           CASE WHEN overlap_m2 > 0 THEN common_geom
                ELSE ST_Buffer(ST_ShortestLine(a_geom, b_geom), 0.5) END AS geom,
           yields_to
    FROM rating
    -- Works that take half of a building are works on that building: nobody blocks his own door.
    WHERE (b).building_id IS NULL OR NOT EXISTS (
        SELECT FROM buildings h
        WHERE h.id = (b).building_id AND ST_Intersects(h.geom, a_geom)
          AND ST_Area(ST_Intersection(h.geom, a_geom)) > 0.5 * ST_Area(h.geom))
