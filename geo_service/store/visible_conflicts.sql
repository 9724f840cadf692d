-- Whether `reader.party` may see the conflict `c`, whatever its status: visibility.of_conflicts in SQL.
(NOT c.shadow AND (reader.party IS NULL OR reader.party IN (c.a ->> 'owner_group', c.b ->> 'owner_group')))
