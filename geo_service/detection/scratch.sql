-- What one run works on: fresh claims, and the pairs found among them. Gone at the end of the transaction.
CREATE TEMP TABLE IF NOT EXISTS fresh_claims (LIKE claims) ON COMMIT DELETE ROWS;
ALTER TABLE fresh_claims ALTER COLUMN id DROP NOT NULL;
CREATE TEMP TABLE IF NOT EXISTS found_conflicts (
    rule_id text, rule_version integer, shadow boolean, opportunity boolean, departments text[], severity text, blocking boolean,
    a_kind text, a_origin_id uuid, b_kind text, b_origin_id uuid, a jsonb, b jsonb, works_ids uuid[], repair_id uuid, building_id uuid,
    over_on date, facts jsonb, geom geometry
) ON COMMIT DELETE ROWS;
