-- The alerts of an e-mail in their order, with the case, the street and the severity of each: what its reader may see now.
SELECT a.seq, a.type, a.data, a.conflict_id, a.repair_id, r.number AS repair_number, c.case_id, coalesce(c.severity, 'info') AS severity,
       coalesce(street.name, front.name, house.street) AS street
FROM deliveries d
JOIN alerts a ON a.seq = d.alert_seq
JOIN subscriptions s ON s.id = d.subscription_id
LEFT JOIN users u ON u.id = s.user_id
LEFT JOIN repairs r ON r.id = a.repair_id
-- an alert about a repair alone belongs to the case of its first conflict
LEFT JOIN LATERAL (
    SELECT c.id, c.shadow, c.a, c.b, c.severity, c.geom, c.street_id,
\ir ../store/case_id.sql
           AS case_id
    FROM conflicts c
    WHERE CASE WHEN a.conflict_id IS NULL THEN c.repair_id = a.repair_id AND NOT c.shadow ELSE c.id = a.conflict_id END
    ORDER BY c.id
    LIMIT 1
) c ON true
CROSS JOIN LATERAL (SELECT CASE WHEN s.user_id IS NULL THEN s.owner_group_id ELSE u.owner_group_id END AS party) reader
LEFT JOIN streets street ON street.id = c.street_id
-- a corner house belongs to one street, the ground before it to another
LEFT JOIN LATERAL (
\ir ../store/conflict_street.sql
) front ON true
LEFT JOIN LATERAL (
    SELECT b.street FROM buildings b
    WHERE b.street IS NOT NULL AND ST_DWithin(b.geom, coalesce(c.geom, r.geom), 50)
    ORDER BY b.geom <-> coalesce(c.geom, r.geom)
    LIMIT 1
) house ON true
WHERE d.mail_id = :mail_id AND CASE WHEN a.conflict_id IS NULL THEN reader.party IS NULL ELSE
\ir ../store/visible_conflicts.sql
      END
ORDER BY a.seq
