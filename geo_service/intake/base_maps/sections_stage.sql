-- The sections that some shapes become, on their way into the store. Gone at the end of the transaction.
CREATE TEMP TABLE IF NOT EXISTS fresh_sections (LIKE pavement_sections INCLUDING DEFAULTS) ON COMMIT DELETE ROWS;
DELETE FROM fresh_sections;
