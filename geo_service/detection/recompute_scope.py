"""What a new day can have changed, and whether what is stored was made with the rules of now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa

from geo_service import db
from geo_service.detection.engine_version import ENGINE_VERSION
from geo_service.detection.run import PACKAGE, Subject
from geo_service.domain.parameters import Parameters
from geo_service.domain.period import ONE_DAY
from geo_service.domain.reliability import FIGURES
from geo_service.store import cities, rules
from geo_service.store.listing import Row
from geo_service.store.tables import calendars, certainties, reliabilities

_NUMBERS: tuple[sa.Select[Any], ...] = (
    sa.select(certainties),
    sa.select(
        *(column for column in reliabilities.c if column.name in ("owner_group_id", "certainty", *FIGURES))
    ),
    sa.select(calendars.c.function, calendars.c.during),
)

SORTS = ("claims", "conflicts", "holds")


def subject_of_day(conn: sa.Connection, last: date, today: date, parameters: Parameters) -> Subject:
    """Return the works, repairs and buildings whose claims, conflicts or advice can differ on `today` when everything stands at `last`
    (`recompute_scope.sql` gives the reasons)."""
    ahead = int(parameters.hold_look_ahead_days)
    [ids] = db.fetch(
        conn, PACKAGE, "recompute_scope", since=last - ONE_DAY, today=today, hold_look_ahead_days=ahead
    )
    return Subject(ids["works_ids"] or (), ids["repair_ids"] or (), ids["building_ids"] or ())


def fingerprint(conn: sa.Connection, parameters: Parameters) -> str:
    """A fingerprint of all that is neither a fact nor the day: the engine's version, the city's layers, rules, parameters, certainties,
    reliabilities, calendars.

    Another one than that of the last run means that anything may differ: a new version, a rule that came with `db migrate`, a number
    changed by hand.
    """
    content = [
        ENGINE_VERSION,
        cities.digest(conn),
        asdict(parameters),
        [{**row, "created_at": None} for row in rules.in_force(conn)],
        *(sorted(map(str, conn.execute(select))) for select in _NUMBERS),
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:16]


def differences(conn: sa.Connection, recompute: Callable[[], None]) -> Mapping[str, Row]:
    """What `recompute` changes in what is stored, by sort (`SORTS`): `number` of rows, and the names of the `first` ten."""
    db.execute(conn, PACKAGE, "stored_before")
    recompute()
    db.execute(conn, PACKAGE, "stored_after")
    return {row["what"]: row for row in db.fetch(conn, PACKAGE, "stored_differs")}
