-- What became of each works of the batch, in input order.
SELECT id, source, source_id, outcome FROM incoming_works ORDER BY n
