-- The organisations with these names, in lower case.
SELECT lower(name) AS low, id FROM organisations WHERE lower(name) = ANY(CAST(:names AS text[]))
