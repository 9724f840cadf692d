-- The works that are over, for this transaction as if they were still to come: those of which a phase ends after the first day of the
-- history, with these phases. Their days are as they are known now, not as they were announced then.
-- Parameters: since.
CREATE TEMP TABLE phases ON COMMIT DROP AS SELECT * FROM phases WHERE upper(during) > :since
