-- The tables of personal data written anew: what was plain before is in no page of theirs any more. Outside a transaction.
VACUUM (FULL, ANALYZE) reporters, report_messages, photos
