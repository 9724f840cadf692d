-- How the names of an owner group's organisations begin.
SELECT prefix, owner_group_id FROM owner_prefixes
