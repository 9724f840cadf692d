"""`geo-service db …`: the private database."""

from __future__ import annotations

import sqlalchemy as sa
import typer

from geo_service import city, cluster, db
from geo_service.cli import terminal
from geo_service.detection.prepare import prepare_database
from geo_service.store import migrate

app = typer.Typer(no_args_is_help=True, help="The private database: start, stop, migrate, look.")


@app.command("up")
def up(as_json: terminal.AsJson = False) -> None:
    """Start the private database and bring it to the newest schema."""
    config = terminal.load()
    private = cluster.Cluster(config.home)
    private.start()
    url = db.database_url(config).render_as_string(hide_password=False)
    prepare_database(url, config.city_organisation, city.content(config.city_file))
    terminal.show({"database_url": private.url}, as_json, lambda: private.url)


@app.command("down")
def down() -> None:
    """Stop the private database; its data stays."""
    cluster.Cluster(terminal.load().home).stop()


@app.command("migrate")
def migrate_() -> None:
    """Bring the database to the newest schema."""
    config = terminal.load()
    url = db.database_url(config).render_as_string(hide_password=False)
    prepare_database(url, config.city_organisation, city.content(config.city_file))
    terminal.out.print(terminal.translator(config).text("said.schema", schema=migrate.current(url)))


@app.command("status")
def status(as_json: terminal.AsJson = False) -> None:
    """Whether the database answers, and at which schema it is."""
    config = terminal.load()
    with db.read(db.create_read_engine_from(config)) as conn:
        version = str(conn.scalar(sa.select(sa.func.current_setting("server_version"))))
    schema = migrate.current(db.database_url(config).render_as_string(hide_password=False))
    facts = {"server": version, "schema": schema, "newest": migrate.newest()}
    terminal.show(facts, as_json, lambda: terminal.translator(config).text("said.database", **facts))
