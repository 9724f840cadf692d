-- Phases that are gone leave the store; works_changes.sql has written down that they were there.
DELETE FROM phases p USING incoming_phases i WHERE i.fate = 'gone' AND p.id = i.id
