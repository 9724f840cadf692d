-- Whether `reader.party` may see the repair `r`: visibility.of_repairs in SQL.
(r.deleted_at IS NULL AND reader.party IS NULL)
