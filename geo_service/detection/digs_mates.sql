-- Works that were one dig with these: they must be looked at again when one of the records changes or goes.
SELECT DISTINCT mate.works_id
FROM phase_digs was JOIN phase_digs mate ON mate.dig_id = was.dig_id
WHERE was.works_id = ANY(CAST(:works_ids AS uuid[]))
