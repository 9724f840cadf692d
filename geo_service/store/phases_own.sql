-- Every incoming phase learns the id of its works.
UPDATE incoming_phases p SET works_id = i.id FROM incoming_works i WHERE i.n = p.n
