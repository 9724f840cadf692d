-- Records of one dig: phases that break the surface, of one owner group, on the same or adjoining ground, in the same days (gas and
-- electricity under two ids; the connections of a row of houses). From the works asked for, and what was one dig with them, through
-- neighbours of neighbours. Parameters: everything, works_ids, dig_gap_m, dig_same_days_share.
WITH RECURSIVE record AS NOT MATERIALIZED (
    SELECT p.id, p.works_id, p.geom, p.during, upper(p.during) - lower(p.during) AS days, o.owner_group_id
    FROM phases p
    JOIN works w ON w.id = p.works_id
    JOIN organisations o ON o.id = w.owner_id
    WHERE p.opens_surface AND w.deleted_at IS NULL AND NOT w.apart AND w.certainty NOT IN ('cancelled', 'done')
), seed AS (  -- two steps, as with OR between them every phase would be looked at
    SELECT r.id FROM record r WHERE :everything OR r.works_id = ANY(CAST(:works_ids AS uuid[]))
    UNION
    SELECT r.id
    FROM phase_digs was
    JOIN phase_digs mate ON mate.dig_id = was.dig_id
    JOIN record r ON r.id = mate.phase_id
    WHERE was.works_id = ANY(CAST(:works_ids AS uuid[]))
), reached (id) AS (
    SELECT id FROM seed
    UNION
    SELECT other.id
    FROM reached
    -- Fenced: how many are reached is a guess, at which PostgreSQL would hash every phase there is, at each step.
    CROSS JOIN LATERAL (SELECT * FROM record WHERE record.id = reached.id OFFSET 0) one
    JOIN record other ON ST_DWithin(other.geom, one.geom, CAST(:dig_gap_m AS float8)) AND other.during && one.during
    WHERE NOT :everything AND
\ir same_dig.sql
)
SELECT one.id, one.works_id, array_agg(other.id) FILTER (WHERE other.id IS NOT NULL) AS mates
FROM (
    SELECT * FROM record WHERE :everything
    UNION ALL
    SELECT one.* FROM reached CROSS JOIN LATERAL (SELECT * FROM record WHERE record.id = reached.id OFFSET 0) one WHERE NOT :everything
) one
LEFT JOIN record other ON ST_DWithin(other.geom, one.geom, CAST(:dig_gap_m AS float8)) AND other.during && one.during AND
\ir same_dig.sql
GROUP BY one.id, one.works_id
HAVING count(other.id) > 0 OR NOT :everything
