-- What a database holds, for who has put a backup back.
SELECT
    (SELECT count(*) FROM works) AS works,
    (SELECT count(*) FROM repairs) AS repairs,
    (SELECT count(*) FROM conflicts) AS conflicts,
    (SELECT count(*) FROM alerts) AS alerts
