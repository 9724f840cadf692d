-- What reads claims in this transaction reads those of the history.
CREATE TEMP VIEW claims AS SELECT * FROM fresh_claims
