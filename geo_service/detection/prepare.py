"""Make a database ready: the newest schema, and the defaults that every city starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa
import structlog

from geo_service import city, db
from geo_service.detection import calendars
from geo_service.detection.rules import CERTAINTY_ROWS, RULES
from geo_service.domain.city import City
from geo_service.domain.rules import Rule
from geo_service.exports import reader
from geo_service.i18n import Translator
from geo_service.store import cities, migrate, organisations, personal, rules
from geo_service.vault import CLOSED, Vault

PACKAGE = "geo_service.store"

log = structlog.get_logger()


def prepare_database(
    url: str,
    organisation: str = "Stad Izegem",
    content: Mapping[str, Any] | None = None,
    vault: Vault = CLOSED,
) -> int:
    """Migrate the database at `url` (SQLAlchemy form), put the city's file in force, and add the rules, school terms and owner groups that
    are not there yet, and newer versions of rules that no person changed.

    `organisation` owns the repairs (`Settings.city_organisation`); `content` is what the city's file says (`city.content`), that of Flanders
    when None. Personal data that an older version stored plainly are sealed; returns how many rows. Raises InvalidCity, and
    PersonalKeyMissing when there are such data and no key.
    """
    with migrate.turn(url):
        migrate.upgrade(url)
        return _complete(url, organisation, content, vault)


def _complete(url: str, organisation: str, content: Mapping[str, Any] | None, vault: Vault) -> int:
    engine = db.create_engine_for(url)
    try:
        sealed = _seal(engine, vault)
        migrate.give_way(lambda: _fill(engine, organisation, city.content() if content is None else content))
        return sealed
    finally:
        engine.dispose()


def _fill(engine: sa.Engine, organisation: str, content: Mapping[str, Any]) -> None:
    with db.write(engine) as conn:
        today = conn.execute(sa.select(sa.func.current_date())).scalar_one()
        municipality = put_city(conn, organisation, content, today)
        organisations.add_groups(conn, municipality.owner_groups, organisation)
        for rule_id in rules.add_missing(conn, routed(RULES, municipality), CERTAINTY_ROWS):
            log.warning("a newer version of this rule is left out: it was changed here", rule=rule_id)
        migrate.limit_waits(conn)  # somebody may read the views that it makes anew
        reader.refresh(conn, Translator("nl", today))


def _seal(engine: sa.Engine, vault: Vault) -> int:
    """Seal what is plain, and write its tables anew, so that no dead row of them stays in their files."""
    with db.write(engine) as conn:
        sealed = personal.seal_plain(conn, vault)
        if sealed:
            personal.mask_texts(conn, vault)
        db.execute(conn, PACKAGE, "personal_validate")
    if sealed:
        log.info("personal data were sealed", rows=sealed)
        with db.glance(engine) as conn:
            db.execute(conn, PACKAGE, "personal_rewrite")
    return sealed


def put_city(conn: sa.Connection, organisation: str, content: Mapping[str, Any], today: date) -> City:
    """Put the content of a city's file in force: its owner groups when it is another one, its school terms as far as they are not there."""
    changed = cities.put(conn, content)
    municipality = cities.in_force(conn)
    if changed:
        organisations.add_groups(conn, municipality.owner_groups, organisation)
    calendars.add_missing(conn, today, municipality.school_terms)
    return municipality


def routed(rows: Sequence[Rule], municipality: City) -> list[Rule]:
    """The rules with the departments that this city tells of their conflicts."""
    return [
        replace(rule, departments=municipality.rule_departments.get(rule.id, rule.departments))
        for rule in rows
    ]
