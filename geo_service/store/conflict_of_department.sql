-- Whether `:department` follows up the conflict `c`, or hears of it by its rule. Part of each statement that narrows conflicts to a department.
(c.department = CAST(:department AS text)
 OR EXISTS (SELECT FROM rules r WHERE r.id = c.rule_id AND r.version = c.rule_version AND CAST(:department AS text) = ANY (r.departments)))
