-- What was found of the digs around these works takes the place of what was known. Parameters: everything, works_ids (all that were looked
-- at), digs: rows of phase, works and dig in JSON.
WITH fresh AS (
    SELECT * FROM jsonb_to_recordset(CAST(:digs AS jsonb)) AS d (phase_id uuid, works_id uuid, dig_id uuid)
), gone AS (
    DELETE FROM phase_digs d
    WHERE (:everything OR d.works_id = ANY(CAST(:works_ids AS uuid[]))) AND NOT EXISTS (SELECT FROM fresh f WHERE f.phase_id = d.phase_id)
)
INSERT INTO phase_digs AS d (phase_id, works_id, dig_id)
SELECT phase_id, works_id, dig_id FROM fresh
ON CONFLICT (phase_id) DO UPDATE SET dig_id = excluded.dig_id WHERE d.dig_id <> excluded.dig_id
