-- Add requests of this process to what all processes counted in a minute; how many there are now.
INSERT INTO rate_counts AS known (subject, minute, requests)
VALUES (:subject, :minute, :requests)
ON CONFLICT (subject, minute) DO UPDATE SET requests = known.requests + excluded.requests
RETURNING requests
