-- What a city already has, in one row: its ground, the sources that ever brought works, the roles of people who can sign in, and the
-- parameters that it set itself.
SELECT CAST((SELECT count(*) FROM pavement_sections) AS integer) AS pavements,
       CAST((SELECT count(*) FROM buildings) AS integer) AS buildings,
       CAST((SELECT count(*) FROM streets) AS integer) AS streets,
       CAST((SELECT count(*) FROM buildings WHERE house_number IS NOT NULL) AS integer) AS house_numbers,
       ARRAY(SELECT DISTINCT r.source FROM source_records r WHERE r.works_id IS NOT NULL ORDER BY 1) AS feeds,
       ARRAY(SELECT DISTINCT role FROM users WHERE disabled_at IS NULL AND (password_hash IS NOT NULL OR issuer IS NOT NULL) ORDER BY 1) AS roles,
       ARRAY(SELECT name FROM parameters ORDER BY 1) AS parameters
