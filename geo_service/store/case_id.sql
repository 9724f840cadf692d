       -- The case that the conflict `c` belongs to. Part of case_members.sql and case_version.sql.
       CASE WHEN c.repair_id IS NOT NULL OR c.street_id IS NOT NULL THEN c.b_origin_id
            WHEN c.building_id IS NOT NULL THEN c.a_origin_id
            ELSE CAST(md5(CAST(least(c.a_origin_id, c.b_origin_id) AS text) || CAST(greatest(c.a_origin_id, c.b_origin_id) AS text)) AS uuid) END
