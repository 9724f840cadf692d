-- Stored phases that the source no longer tells of. Kept: those whose record could not be read this time and, from a feed that shows no past
-- (:keeps_past), openings that are over: whoever made them still answers for the reinstatement.
INSERT INTO incoming_phases (id, works_id, source_key, geom, during, opens_surface, surfaces, done, n, fate)
SELECT p.id, p.works_id, p.source_key, p.geom, p.during, p.opens_surface, p.surfaces, p.done, i.n, 'gone'
FROM phases p JOIN incoming_works i ON i.id = p.works_id AND i.known
WHERE NOT EXISTS (SELECT FROM incoming_phases f WHERE f.id = p.id)
  AND NOT (:keeps_past AND p.opens_surface AND upper(p.during) <= CAST(:observed_on AS date))
  AND NOT EXISTS (SELECT FROM unnest(CAST(:unread_ids AS text[]), CAST(:unread_keys AS text[])) unread (source_id, source_key)
                  WHERE (unread.source_id, unread.source_key) = (i.source_id, p.source_key))
