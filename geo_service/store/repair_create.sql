-- A new repair request; its id. `:geom` is EWKB.
INSERT INTO repairs (source, source_id, owner_id, category, scope, urgency, status, geom, description, latest_on, remark, planned, reported_at)
VALUES (:source, :source_id, :owner_id, :category, :scope, :urgency, :status, ST_GeomFromEWKB(:geom), :description, CAST(:latest_on AS date), :remark,
        CASE WHEN CAST(:ends_on AS date) IS NOT NULL THEN daterange(CAST(:starts_on AS date), CAST(:ends_on AS date)) END,
        coalesce(CAST(:reported_at AS timestamptz), now()))
RETURNING id
