"""Rules, certainties and parameters as the database has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on, insert

from geo_service.domain.parameters import PARAMETER_NAMES, Parameters
from geo_service.domain.rules import CertaintyRow, Rule
from geo_service.store.tables import certainties, parameters, rules


def add_missing(conn: sa.Connection, rows: Sequence[Rule], certainty_rows: Sequence[CertaintyRow]) -> None:
    """Add the rules and certainties that are not there yet; what a city changed stays."""
    for rule in rows:
        exists = sa.exists().where(rules.c.id == rule.id)
        if not conn.scalar(sa.select(exists)):
            conn.execute(insert(rules).values(asdict(rule)))
    for row in certainty_rows:
        conn.execute(insert(certainties).values(asdict(row)).on_conflict_do_nothing())


def load_parameters(conn: sa.Connection) -> Parameters:
    """The defaults with what this city set for itself."""
    stored = conn.execute(sa.select(parameters.c.name, parameters.c.value))
    return replace(Parameters(), **{name: value for name, value in stored if name in PARAMETER_NAMES})


def in_force(conn: sa.Connection) -> list[sa.RowMapping]:
    """The newest version of each rule that is not retired, by id."""
    newest = sa.select(rules).ext(distinct_on(rules.c.id)).order_by(rules.c.id, rules.c.version.desc()).subquery()
    return list(conn.execute(sa.select(newest).where(newest.c.life != "retired")).mappings())
