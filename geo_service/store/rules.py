"""Rules, certainties and parameters as the database has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on, insert

from geo_service import db
from geo_service.domain.conflicts import RuleState
from geo_service.domain.errors import NotFound, VersionMismatch
from geo_service.domain.parameters import PARAMETER_NAMES, Parameters
from geo_service.domain.rules import CertaintyRow, Rule
from geo_service.store.listing import Row
from geo_service.store.tables import certainties, parameters, rules


def add_missing(
    conn: sa.Connection, rows: Sequence[Rule], certainty_rows: Sequence[CertaintyRow]
) -> list[str]:
    """Add missing rules and certainties, and newer versions of rules that no person changed.

    A new rule begins in the shadow in a city that has rules already: a person previews it before it alerts. Rules that a city changed stay as
    they are; return the ids of those that therefore miss a newer version.
    """
    newest = {row["id"]: row for row in conn.execute(_newest()).mappings()}
    kept = []
    for rule in rows:
        stored = newest.get(rule.id)
        if stored is None:
            state = "shadow" if newest else rule.state
            conn.execute(sa.insert(rules).values(asdict(rule) | {"state": state}))
        elif stored["version"] < rule.version and stored["changed_by"] is None:
            conn.execute(sa.insert(rules).values(asdict(rule)))
        elif stored["version"] < rule.version:
            kept.append(rule.id)
    for row in certainty_rows:
        conn.execute(insert(certainties).values(asdict(row)).on_conflict_do_nothing())
    return kept


def add_version(conn: sa.Connection, rule: Rule, by: str, reason: str | None) -> None:
    """Put this version of a rule in force, on record."""
    conn.execute(sa.insert(rules).values({**asdict(rule), "changed_by": by, "reason": reason}))


def in_force(conn: sa.Connection, state: RuleState | None = None) -> list[sa.RowMapping]:
    """The newest version of each rule that is not retired, or of each in this `state`; by id."""
    newest = _newest().subquery()
    wanted = newest.c.state != "retired" if state is None else newest.c.state == state
    return list(conn.execute(sa.select(newest).where(wanted)).mappings())


def get(conn: sa.Connection, rule_id: str) -> Row:
    """The newest version of a rule, whatever its state. Raises NotFound."""
    row = conn.execute(_newest().where(rules.c.id == rule_id)).mappings().one_or_none()
    if row is None:
        raise NotFound("no_rule", given=rule_id)
    return row


def get_version(conn: sa.Connection, rule_id: str, version: int) -> Row:
    """One version of a rule. Raises NotFound."""
    wanted = sa.select(rules).where(rules.c.id == rule_id, rules.c.version == version)
    row = conn.execute(wanted).mappings().one_or_none()
    if row is None:
        raise NotFound("no_rule_version", given=rule_id, version=version)
    return row


def versions(conn: sa.Connection, rule_id: str) -> list[sa.RowMapping]:
    """All versions of a rule, newest first. Raises NotFound."""
    select = sa.select(rules).where(rules.c.id == rule_id).order_by(rules.c.version.desc())
    rows = list(conn.execute(select).mappings())
    if not rows:
        raise NotFound("no_rule", given=rule_id)
    return rows


def from_row(row: Row) -> Rule:
    """A stored version as a domain object."""
    values: dict[str, Any] = {one.name: row[one.name] for one in fields(Rule)}
    lists = {name: tuple(values[name]) for name in ("kinds_a", "kinds_b", "departments", "yields_to")}
    return Rule(**{**values, **lists})


def load_parameters(conn: sa.Connection) -> Parameters:
    """The defaults with what this city set for itself."""
    stored = db.fetch(conn, "geo_service.store", "parameters", prepare=True)
    return replace(
        Parameters(), **{row["name"]: row["value"] for row in stored if row["name"] in PARAMETER_NAMES}
    )


def parameter_sources(conn: sa.Connection) -> dict[str, sa.RowMapping]:
    """What this city set for itself, by name: `value`, `source`, `updated_at`."""
    return {row["name"]: row for row in conn.execute(sa.select(parameters)).mappings()}


def set_parameter(conn: sa.Connection, name: str, value: float, source: str, by: str | None = None) -> Row:
    """Set a number that `domain.parameters.checked` accepts; return its row. `by` is who set it; None: the command line."""
    row = {"value": value, "source": source, "changed_by": by, "updated_at": sa.func.now()}
    added = insert(parameters).values(name=name, **row)
    newer = {**row, "version": parameters.c.version + 1}
    changed = added.on_conflict_do_update(index_elements=["name"], set_=newer)
    return conn.execute(changed.returning(*parameters.c)).mappings().one()


def change_parameter(conn: sa.Connection, name: str, value: float, source: str, by: str, version: int) -> Row:
    """The same by a person who read this `version`. The caller holds the writers' lock. Raises VersionMismatch."""
    stored = conn.scalar(sa.select(parameters.c.version).where(parameters.c.name == name)) or 0
    if stored != version:
        raise VersionMismatch("parameter_changed", version=stored, given=name)
    return set_parameter(conn, name, value, source, by)


def _newest() -> sa.Select[tuple[object, ...]]:
    return sa.select(rules).ext(distinct_on(rules.c.id)).order_by(rules.c.id, rules.c.version.desc())
