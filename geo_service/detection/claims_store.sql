-- Make the stored claims of these works, repairs, buildings and streets equal to the fresh ones.
-- In order of ground (GiST sorts geometries along a Hilbert curve), so that neighbours share pages.
WITH gone AS (
    DELETE FROM claims c
    WHERE (:everything OR c.works_id = ANY(CAST(:works_ids AS uuid[])) OR c.repair_id = ANY(CAST(:repair_ids AS uuid[]))
           OR c.building_id = ANY(CAST(:building_ids AS uuid[])) OR c.street_id = ANY(CAST(:street_ids AS uuid[])))
      AND NOT EXISTS (SELECT FROM fresh_claims f WHERE f.kind = c.kind AND f.origin_id = c.origin_id)
)
INSERT INTO claims AS c (kind, origin_id, works_id, repair_id, building_id, owner_group_id, starts, ends, stated_starts, stated_ends, certainty,
    probability, firm, umbrella, overdue, moratorium_until, surfaces, value_eur, life_days, geom,
    group_id, street_id, sides, severity, eur_per_m2, layer)
SELECT f.kind, f.origin_id, f.works_id, f.repair_id, f.building_id, f.owner_group_id, f.starts, f.ends, f.stated_starts, f.stated_ends,
       f.certainty, f.probability, f.firm, f.umbrella, f.overdue, f.moratorium_until, f.surfaces, f.value_eur, f.life_days, f.geom,
       f.group_id, f.street_id, f.sides, f.severity, f.eur_per_m2, f.layer
FROM fresh_claims f
ORDER BY f.geom
ON CONFLICT (kind, origin_id) DO UPDATE SET
    owner_group_id = excluded.owner_group_id, starts = excluded.starts, ends = excluded.ends, stated_starts = excluded.stated_starts,
    stated_ends = excluded.stated_ends, certainty = excluded.certainty, probability = excluded.probability, firm = excluded.firm,
    umbrella = excluded.umbrella, overdue = excluded.overdue, moratorium_until = excluded.moratorium_until,
    surfaces = excluded.surfaces, value_eur = excluded.value_eur, life_days = excluded.life_days, geom = excluded.geom,
    group_id = excluded.group_id, sides = excluded.sides, severity = excluded.severity, eur_per_m2 = excluded.eur_per_m2,
    layer = excluded.layer
WHERE (c.owner_group_id, c.starts, c.ends, c.stated_starts, c.stated_ends, c.certainty, c.probability, c.firm, c.umbrella, c.overdue,
       c.moratorium_until, c.surfaces, c.value_eur, c.life_days, c.group_id, c.sides, c.severity, c.eur_per_m2, c.layer)
      IS DISTINCT FROM
      (excluded.owner_group_id, excluded.starts, excluded.ends, excluded.stated_starts, excluded.stated_ends, excluded.certainty,
       excluded.probability, excluded.firm, excluded.umbrella, excluded.overdue, excluded.moratorium_until, excluded.surfaces,
       excluded.value_eur, excluded.life_days, excluded.group_id, excluded.sides, excluded.severity, excluded.eur_per_m2, excluded.layer)
   OR NOT ST_OrderingEquals(c.geom, excluded.geom)
