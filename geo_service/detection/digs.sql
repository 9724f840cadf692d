-- Records of one dig: phases that break the surface, of one owner group, on the same or adjoining ground, in the same days (gas and
-- electricity under two ids; the connections of a row of houses). The rows are the requested records, and those that
-- were one dig with them, with their mates as they are now. The caller repeats the query for mates that it has not seen.
-- Parameters: everything, works_ids, phase_ids, dig_gap_m, dig_same_days_share.
WITH record AS NOT MATERIALIZED (
    SELECT p.id, p.works_id, p.geom, p.during, upper(p.during) - lower(p.during) AS days, o.owner_group_id
    FROM phases p
    JOIN works w ON w.id = p.works_id
    JOIN organisations o ON o.id = w.owner_id
    WHERE p.opens_surface AND NOT p.done AND w.deleted_at IS NULL AND NOT w.exclude_from_dig AND w.certainty NOT IN ('cancelled', 'done')
), requested_phase AS (  -- by steps, as with OR between them every phase would be looked at
    SELECT id FROM phases WHERE works_id = ANY(CAST(:works_ids AS uuid[]))
    UNION
    SELECT unnest(CAST(:phase_ids AS uuid[]))
    UNION
    SELECT phase_id FROM phase_digs WHERE works_id = ANY(CAST(:works_ids AS uuid[]))
), seed AS (
    SELECT id FROM requested_phase
    UNION
    SELECT mate.phase_id FROM requested_phase JOIN phase_digs was ON was.phase_id = requested_phase.id JOIN phase_digs mate ON mate.dig_id = was.dig_id
)
SELECT one.id, one.works_id, array_agg(other.id) FILTER (WHERE other.id IS NOT NULL) AS mates
FROM (
    SELECT * FROM record WHERE :everything
    UNION ALL
    -- Fenced: how many are asked for is a guess, at which PostgreSQL would hash every phase there is.
    SELECT one.* FROM seed CROSS JOIN LATERAL (SELECT * FROM record WHERE record.id = seed.id OFFSET 0) one WHERE NOT :everything
) one
LEFT JOIN record other ON ST_DWithin(other.geom, one.geom, CAST(:dig_gap_m AS float8)) AND other.during && one.during
    -- two records near each other are one dig: of one owner group, and for most of the longer of their periods on the same days
    AND other.id <> one.id AND other.owner_group_id = one.owner_group_id
    AND least(upper(one.during), upper(other.during)) - greatest(lower(one.during), lower(other.during))
        >= CAST(:dig_same_days_share AS float8) * greatest(one.days, other.days)
GROUP BY one.id, one.works_id
HAVING count(other.id) > 0 OR NOT :everything
