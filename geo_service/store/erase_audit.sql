-- A pseudonym for a person in what the audit trail says of its acts. Parameters: user_id, name, pseudonym.
UPDATE audit SET
    who = CASE WHEN who = :name THEN :pseudonym ELSE who END,
    facts = CAST(replace(CAST(facts AS text), CAST(to_jsonb(CAST(:name AS text)) AS text), CAST(to_jsonb(CAST(:pseudonym AS text)) AS text)) AS jsonb)
WHERE user_id = :user_id
