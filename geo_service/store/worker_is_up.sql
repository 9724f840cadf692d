-- Whether any worker of this database gives signs of life, as each does every ten seconds.
SELECT count(*) > 0 AS up FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'
