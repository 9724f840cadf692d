-- How repairs become claims.
-- The reported hole is a `defect`, the work on it a `repair` (its scope: the hole, the whole section(s) under it, or the drawn area),
-- and from its end on the new surface is an `investment` for its service life. A repair without days would be done today: its claims
-- move along at midnight. A finished repair leaves its investment only.
-- The repairs are those stored, or one that is only asked about: rows of the same shape in JSON.
-- Parameters: everything, or repair_ids, what_if (null: none), today, spot_*, section_*, defect_most_m2, place_off_m, prices, lives,
-- protection_years.
WITH repair AS (
    SELECT r.id, r.scope, r.category, r.status, lower(r.planned) AS starts, upper(r.planned) AS ends, r.finished_on, r.finished_scope, r.area_m2,
           r.cost_eur, o.owner_group_id, r.geom
    FROM repairs r
    JOIN organisations o ON o.id = r.owner_id
    WHERE CAST(:what_if AS jsonb) IS NULL AND r.deleted_at IS NULL AND r.status <> 'cancelled'
      AND (:everything OR r.id = ANY(CAST(:repair_ids AS uuid[])))
    UNION ALL
    SELECT w.id, w.scope, w.category, w.status, w.starts, w.ends, NULL, NULL, NULL, NULL, w.owner_group_id, ST_GeomFromEWKB(decode(w.geom, 'hex'))
    FROM jsonb_to_recordset(CAST(:what_if AS jsonb))
         AS w (id uuid, scope text, category text, status text, starts date, ends date, owner_group_id text, geom text)
), defect AS (
    SELECT repair.*, coalesce(finished_scope, scope) AS extent,
           CASE WHEN ST_Dimension(geom) < 2 THEN ST_Buffer(geom, CAST(:spot_radius_m AS float8)) ELSE geom END AS hole,
           -- days that are past without the repair being finished: it would be done today
           CASE WHEN ends > CAST(:today AS date) THEN starts ELSE CAST(:today AS date) END AS day_from,
           CASE WHEN ends > CAST(:today AS date) THEN ends ELSE CAST(:today AS date) + 1 END AS day_until
    FROM repair
), placed AS (
    SELECT defect.*, section.geom AS section_geom, CASE WHEN roadway THEN CAST('{carriageway}' AS text[]) ELSE section.kinds END AS kinds, roadway
    FROM defect
    -- The sections that hold at least half of the hole, or lie for at least half under the drawn area.
    LEFT JOIN LATERAL (
        SELECT ST_Union(v.geom) AS geom, array_agg(DISTINCT v.kind ORDER BY v.kind) AS kinds
        FROM pavement_sections v
        WHERE v.kind <> 'carriageway' AND ST_Intersects(v.geom, defect.hole)
          AND ST_Area(ST_Intersection(v.geom, defect.hole)) >= 0.5 * least(ST_Area(v.geom), ST_Area(defect.hole))
    ) section ON true
    -- A hole in the carriageway is not in the footpath beside it: by what is reported, or further from the kerb than places are off.
    CROSS JOIN LATERAL (
        SELECT section.geom IS NULL AND EXISTS (
            SELECT FROM pavement_sections v
            WHERE v.kind = 'carriageway' AND ST_Intersects(v.geom, defect.hole)
              AND ST_Area(ST_Intersection(v.geom, defect.hole)) >= 0.5 * ST_Area(defect.hole)
        ) AND (category = 'pothole' OR NOT EXISTS (
            SELECT FROM pavement_sections v WHERE v.kind <> 'carriageway' AND ST_DWithin(v.geom, defect.hole, CAST(:place_off_m AS float8)))
        ) AS roadway
    ) road
), sized AS (
    SELECT placed.*, under.sides, under.material,
\ir price.sql
           AS eur_per_m2, CASE
        WHEN extent = 'section' AND section_geom IS NOT NULL THEN section_geom
        WHEN extent = 'section' AND ST_Dimension(placed.geom) < 2 THEN ST_Buffer(placed.geom, CAST(:section_fallback_radius_m AS float8))
        ELSE hole END AS ground
    FROM placed
    CROSS JOIN LATERAL (SELECT placed.hole AS geom) drawn
    CROSS JOIN LATERAL (
\ir street_sides.sql
    ) under
), valued AS MATERIALIZED (
    -- PERF: kept, as its ground and price would be computed again for each claim
    SELECT sized.*,
           -- ground that reaches beyond the footpath takes more surfaces than that: none are named, so it meets them all
           CASE WHEN roadway OR ST_Area(ST_Intersection(section_geom, ground)) >= 0.9 * ST_Area(ground) THEN kinds ELSE '{}' END AS surfaces,
           coalesce(cost_eur, CASE extent
               WHEN 'spot' THEN CAST(:spot_repair_eur AS float8)
               ELSE round(CAST(coalesce(area_m2, ST_Area(ground)) * eur_per_m2 AS numeric), 2) END) AS value_eur,
           CAST(round(365.25 * CAST(CASE WHEN extent = 'spot' THEN :spot_life_years
                                         WHEN material ~* :natural_stone_pattern THEN :natural_stone_life_years
                                         WHEN material ~* :asphalt_pattern THEN :asphalt_life_years
                                         ELSE :section_life_years END AS float8)) AS integer) AS life_days
    FROM sized
)
SELECT claim.kind, id AS origin_id, CAST(NULL AS uuid) AS works_id, id AS repair_id, CAST(NULL AS uuid) AS building_id, owner_group_id,
       claim.starts, claim.ends, valued.starts AS stated_starts, valued.ends AS stated_ends, claim.certainty,
       CAST(1 AS float8) AS probability, true AS firm, false AS umbrella, false AS overdue, claim.moratorium_until,
       surfaces, CAST(value_eur AS float8) AS value_eur, life_days, claim.geom, id AS group_id, CAST(NULL AS uuid) AS street_id, sides,
       CAST(NULL AS text) AS severity, eur_per_m2, CAST(NULL AS text) AS layer
FROM valued
CROSS JOIN LATERAL (
    -- who renews ground reports no defect in it
    SELECT 'defect' AS kind, day_from AS starts, day_until AS ends, CAST(NULL AS text) AS certainty, CAST(NULL AS date) AS moratorium_until, hole AS geom
    WHERE status <> 'done' AND NOT (extent <> 'spot' AND ST_Area(hole) > :defect_most_m2)
    UNION ALL
    SELECT 'repair', day_from, day_until, NULL, NULL, ground
    WHERE status <> 'done'
    UNION ALL
    SELECT 'investment', coalesce(finished_on, day_until), coalesce(finished_on, day_until) + life_days, CASE WHEN status = 'done' THEN 'done' END,
           CASE WHEN status = 'done' AND extent <> 'spot'
                THEN CAST(finished_on + make_interval(years => CAST(:protection_years AS integer)) AS date) END,
           ground
    WHERE coalesce(finished_on, day_until) + life_days > CAST(:today AS date)
) claim
