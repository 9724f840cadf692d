-- Incoming works that are stored already take the id they have there.
UPDATE incoming_works i SET id = w.id, known = true
FROM works w
WHERE (w.source, w.source_id) = (i.source, i.source_id)
