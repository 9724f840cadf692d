-- Whether `reader.party` may see the works `w` of the organisation `o`: visibility.of_works in SQL.
(w.deleted_at IS NULL AND (reader.party IS NULL OR o.owner_group_id = reader.party))
