-- Minutes that are over.
DELETE FROM rate_counts WHERE minute < :minute
