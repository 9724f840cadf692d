-- What one run works on: fresh claims, and the pairs found among them. Empty at its start, and gone at the end of the transaction.
CREATE TEMP TABLE IF NOT EXISTS fresh_claims ON COMMIT DELETE ROWS AS SELECT * FROM claims WITH NO DATA;
CREATE TEMP TABLE IF NOT EXISTS found_conflicts (
    rule_id text, rule_version integer, shadow boolean, opportunity boolean, departments text[], severity text, blocking boolean,
    a_kind text, a_origin_id uuid, b_kind text, b_origin_id uuid, a jsonb, b jsonb, works_ids uuid[], repair_id uuid, building_id uuid, street_id uuid,
    over_on date, facts jsonb, geom geometry
) ON COMMIT DELETE ROWS;
DELETE FROM fresh_claims;
DELETE FROM found_conflicts;
