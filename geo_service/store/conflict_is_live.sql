-- Whether the facts of the conflict `c` still conflict. Part of each statement that asks for live conflicts; domain.conflicts.GONE in SQL.
(c.status NOT IN ('expired', 'withdrawn'))
