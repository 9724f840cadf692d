"""Make a database ready: the newest schema, and the defaults that every city starts from."""

from __future__ import annotations

import sqlalchemy as sa

from geo_service.detection.rules import CERTAINTY_ROWS, RULES
from geo_service.store import migrate, organisations, rules


def prepare_database(url: str, city: str = "Stad Izegem") -> None:
    """Migrate the database at `url` (SQLAlchemy form) and add the rules and owner groups that are not there yet.

    `city` is the organisation that owns the repairs: `Settings.city_organisation`.
    """
    migrate.upgrade(url)
    engine = sa.create_engine(url)
    try:
        with engine.begin() as conn:
            organisations.add_known_groups(conn, city)
            rules.add_missing(conn, RULES, CERTAINTY_ROWS)
    finally:
        engine.dispose()
