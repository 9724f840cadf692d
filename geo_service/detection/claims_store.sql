-- Make the stored claims of these works, repairs, buildings and streets equal to the fresh ones.
-- In order of ground (GiST sorts geometries along a Hilbert curve), so that neighbours share pages.
WITH gone AS (
    DELETE FROM claims c
    WHERE (:everything OR c.works_id = ANY(CAST(:works_ids AS uuid[])) OR c.repair_id = ANY(CAST(:repair_ids AS uuid[]))
           OR c.building_id = ANY(CAST(:building_ids AS uuid[])) OR c.street_id = ANY(CAST(:street_ids AS uuid[])))
      AND NOT EXISTS (SELECT FROM fresh_claims f WHERE f.kind = c.kind AND f.origin_id = c.origin_id)
)
INSERT INTO claims AS c (
\ir claim_columns.sql
)
SELECT
\ir claim_columns.sql
FROM fresh_claims
ORDER BY geom
ON CONFLICT (kind, origin_id) DO UPDATE SET (
\ir claim_columns.sql
) = (
    SELECT
\ir claim_columns.sql
    FROM (SELECT excluded.*) fresh
)
-- a claim that is as it was is not written again
WHERE (
    SELECT ROW (
\ir claim_columns.sql
    ) FROM (SELECT c.*) stored
) IS DISTINCT FROM (
    SELECT ROW (
\ir claim_columns.sql
    ) FROM (SELECT excluded.*) fresh
)
