"""Make a database ready: the newest schema, and the defaults that every city starts from."""

from __future__ import annotations

import sqlalchemy as sa
import structlog

from geo_service.detection import calendars
from geo_service.detection.rules import CERTAINTY_ROWS, RULES
from geo_service.store import migrate, organisations, rules

log = structlog.get_logger()


def prepare_database(url: str, city: str = "Stad Izegem") -> None:
    """Migrate the database at `url` (SQLAlchemy form) and add the rules, school terms and owner groups that are not there yet, and newer
    versions of rules that no person changed.

    `city` is the organisation that owns the repairs: `Settings.city_organisation`.
    """
    migrate.upgrade(url)
    engine = sa.create_engine(url)
    try:
        with engine.begin() as conn:
            organisations.add_known_groups(conn, city)
            calendars.add_missing(conn, conn.execute(sa.select(sa.func.current_date())).scalar_one())
            for rule_id in rules.add_missing(conn, RULES, CERTAINTY_ROWS):
                log.warning("a newer version of this rule is left out: it was changed here", rule=rule_id)
    finally:
        engine.dispose()
