-- Repairs as GeoReport shows requests, newest first: with what their reporter was told last, and the nearest address.
-- `numbers` (the ids that were asked for) overrides all other filters. `everyones`: also what did not come in over Open311.
-- A confirmed double stands where its main one stands.
SELECT r.id, r.number, r.category, r.description, r.reported_at, o.name AS agency, main.number AS main_number,
       CASE WHEN main.status IN ('done', 'cancelled') THEN 'closed' ELSE 'open' END AS status,
       greatest(r.updated_at, main.updated_at, last_update.at) AS updated_at, last_update.code, last_update.params,
       CASE WHEN main.status NOT IN ('done', 'cancelled')
            THEN CAST(CASE WHEN main.held THEN main.verdict_until ELSE coalesce(lower(main.planned), main.verdict_until) END AS timestamp) AT TIME ZONE :timezone END AS expected_at,
       ST_X(place.at) AS lon, ST_Y(place.at) AS lat, near.address
FROM repairs r
LEFT JOIN duplicates d ON d.repair_id = r.id AND d.status = 'confirmed'
JOIN repairs main ON main.id = coalesce(d.of_id, r.id)
JOIN organisations o ON o.id = main.owner_id
CROSS JOIN LATERAL (SELECT ST_Transform(ST_PointOnSurface(r.geom), 4326) AS at) place
LEFT JOIN LATERAL (
    SELECT u.code, u.params, u.at FROM report_updates u WHERE u.repair_id = r.id ORDER BY u.id DESC LIMIT 1
) last_update ON true
LEFT JOIN LATERAL (
    SELECT concat_ws(' ', b.street, b.house_number) AS address FROM buildings b
    WHERE b.street IS NOT NULL AND ST_DWithin(b.geom, r.geom, 30) ORDER BY ST_Distance(b.geom, r.geom), b.id LIMIT 1
) near ON true
WHERE r.deleted_at IS NULL AND (:everyones OR r.source = :source)
  AND CASE WHEN CAST(:numbers AS bigint[]) IS NOT NULL THEN r.number = ANY(CAST(:numbers AS bigint[]))
      ELSE r.reported_at >= :starts_at AND r.reported_at <= :ends_at
           AND (CAST(:categories AS text[]) IS NULL OR r.category = ANY(CAST(:categories AS text[])))
           AND (CAST(:statuses AS text[]) IS NULL
                OR CASE WHEN main.status IN ('done', 'cancelled') THEN 'closed' ELSE 'open' END = ANY(CAST(:statuses AS text[])))
           AND (CAST(:updated_after AS timestamptz) IS NULL
                OR greatest(r.updated_at, main.updated_at, last_update.at) > CAST(:updated_after AS timestamptz)) END
ORDER BY r.reported_at DESC, r.id DESC
LIMIT :limit OFFSET :skip
