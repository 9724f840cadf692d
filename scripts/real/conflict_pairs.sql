-- The pairs of digs of every stored clash of works that is not over.
SELECT a_origin_id AS a, b_origin_id AS b
FROM conflicts
WHERE rule_id = 'works_clash' AND status NOT IN ('expired', 'withdrawn')
