-- What reporters were told between two instants, oldest first.
SELECT u.id, r.number, u.status, u.at, u.code, u.params
FROM report_updates u
JOIN repairs r ON r.id = u.repair_id
WHERE r.deleted_at IS NULL AND u.at >= :starts_at AND u.at <= :ends_at
ORDER BY u.at, u.id
LIMIT :limit OFFSET :skip
