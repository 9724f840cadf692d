-- Works on their way into the store, and their phases. Gone at the end of the transaction.
-- `n` is the place in the batch; `fate` says what the batch means for a stored phase: new, changed, same or gone.
CREATE TEMP TABLE IF NOT EXISTS incoming_works (
    LIKE works INCLUDING DEFAULTS, n integer PRIMARY KEY, known boolean NOT NULL DEFAULT false, outcome text NOT NULL DEFAULT 'created'
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS incoming_phases (
    LIKE phases INCLUDING DEFAULTS, n integer NOT NULL, fate text NOT NULL DEFAULT 'new'
) ON COMMIT DELETE ROWS;
ALTER TABLE incoming_phases ALTER COLUMN works_id DROP NOT NULL;
DELETE FROM incoming_works;
DELETE FROM incoming_phases;
