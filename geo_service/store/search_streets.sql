-- The streets that are called something like :street, the likeliest first, at most :most; none without a name.
SELECT name, max(word_similarity(:street, name)) AS likeness, bool_or(lower(name) = lower(:street)) AS exact
FROM (
    SELECT street AS name FROM buildings WHERE street %> :street
    UNION SELECT street FROM pavement_sections WHERE street %> :street
    UNION SELECT name FROM streets WHERE name %> :street
) AS named
WHERE :street <> ''
GROUP BY name
ORDER BY exact DESC, likeness DESC, similarity(:street, name) DESC, name
LIMIT :most
