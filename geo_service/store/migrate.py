"""Bring a database to the newest schema."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory


def config(url: str) -> Config:
    """Alembic's configuration for one database; there is no alembic.ini to keep in step."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return settings


def upgrade(url: str) -> None:
    """Migrate the database at `url` (SQLAlchemy form) to the newest schema."""
    command.upgrade(config(url), "head")


def current(url: str) -> str | None:
    """The schema's revision, or None for an empty database."""
    engine = sa.create_engine(url)
    try:
        with engine.connect() as conn:
            return MigrationContext.configure(conn).get_current_revision()
    finally:
        engine.dispose()


def newest() -> str:
    """The revision that this version of the code stands on."""
    head = ScriptDirectory.from_config(config("")).get_current_head()
    assert head is not None
    return head
