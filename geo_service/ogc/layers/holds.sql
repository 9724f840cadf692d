-- Repairs that wait for works. One feature: a hold in force, as the spot of its repair; it shares a day with each day before `until` since the report.
SELECT ST_AsMVT(t, 'holds', (SELECT extent FROM box), 'geom') AS mvt FROM (
    SELECT CAST(r.id AS text) AS id, r.number, r.category, r.urgency, r.verdict, CAST(h.until AS text) AS until, far.geom
    FROM holds h JOIN repairs r ON r.id = h.repair_id JOIN organisations o ON o.id = r.owner_id CROSS JOIN box
    CROSS JOIN (SELECT CAST(:party AS text) AS party) reader
    CROSS JOIN LATERAL (SELECT r.geom) drawn
    CROSS JOIN LATERAL (
\ir ../tile_far.sql
    ) far
    WHERE h.released_on IS NULL AND r.geom && box.lambert
    AND (box.days = '(,)' OR daterange(CAST(r.reported_at AS date), greatest(h.until, CAST(r.reported_at AS date))) && box.days)
    AND (box.department IS NULL OR r.id IN (SELECT f.repair_id FROM followed f)) AND
\ir ../tile_owner.sql
    AND
\ir ../../store/visible_repairs.sql
    ) t
