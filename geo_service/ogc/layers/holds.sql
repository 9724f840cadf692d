-- Repairs that wait for works. One feature: a hold, as the spot of its repair, from the report to `until`. A hold that ended is there in days that are over, where
-- these are asked for, until it ended.
SELECT ST_AsMVT(t, 'holds', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT CAST(r.id AS text) AS id, r.number, r.category, r.urgency, r.verdict,
           CAST(day.reported AS text) AS since, CAST(day.free AS text) AS until, far.geom
    FROM holds h JOIN repairs r ON r.id = h.repair_id JOIN organisations o ON o.id = r.owner_id CROSS JOIN box
    CROSS JOIN (SELECT CAST(:party AS text) AS party) reader
    CROSS JOIN LATERAL (SELECT CAST(r.reported_at AS date) AS reported, coalesce(h.released_on, h.until) AS free) day
    CROSS JOIN LATERAL (SELECT daterange(least(day.reported, day.free), day.free) AS days) wait
    CROSS JOIN LATERAL (SELECT r.geom) drawn
    CROSS JOIN LATERAL (
\ir ../tile_far.sql
    ) far
    WHERE (h.released_on IS NULL OR wait.days && box.over) AND r.geom && box.lambert
    AND (box.days = '(,)' OR wait.days && box.days)
    AND (box.department IS NULL OR r.id IN (SELECT f.repair_id FROM followed f)) AND
\ir ../tile_owner.sql
    AND
\ir ../../store/visible_repairs.sql
    ) t
