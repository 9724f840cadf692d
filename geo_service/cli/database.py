"""`geo-service db …`: the private database."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import sqlalchemy as sa
import typer

from geo_service import city, cluster, db, vault
from geo_service.cli import terminal
from geo_service.detection.prepare import prepare_database
from geo_service.exports import reader
from geo_service.i18n import Translator
from geo_service.store import backup, feed_epoch, migrate

app = typer.Typer(
    no_args_is_help=True, help="The database: start, stop, migrate, look, back up, restore, let others read."
)


@app.command("up")
def up(as_json: terminal.AsJson = False) -> None:
    """Start the private database and bring it to the newest schema."""
    config = terminal.load()
    private = cluster.Cluster(config.home)
    private.start()
    url = db.database_url(config).render_as_string(hide_password=False)
    personal = vault.ready(config)
    prepare_database(url, config.city_organisation, city.content(config.city_file), personal)
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
    sealed = prepare_database(url, config.city_organisation, city.content(config.city_file), vault.of(config))
    translator = terminal.translator(config)
    terminal.out.print(translator.text("said.schema", schema=migrate.current(url)))
    if sealed:
        terminal.out.print(translator.text("said.sealed", count=sealed))


@app.command("status")
def status(as_json: terminal.AsJson = False) -> None:
    """Whether the database answers, at which schema it is, and which migrations it lacks."""
    config = terminal.load()
    with db.read(db.create_read_engine_from(config)) as conn:
        version = str(conn.scalar(sa.select(sa.func.current_setting("server_version"))))
    schema = migrate.current(db.database_url(config).render_as_string(hide_password=False))
    facts = {
        "server": version,
        "schema": schema,
        "newest": migrate.newest(),
        "pending": migrate.pending(schema),
    }
    terminal.show(facts, as_json, lambda: _status_text(terminal.translator(config), facts))


def _status_text(translator: Translator, facts: Mapping[str, Any]) -> str:
    line = translator.text("said.database", **{**facts, "schema": facts["schema"] or "-"})
    if pending := facts["pending"]:
        return f"{line}\n{translator.text('said.database_pending', pending=', '.join(pending))}"
    is_newest = facts["schema"] == facts["newest"]
    return line if is_newest else f"{line}\n{translator.text('said.database_newer')}"


@app.command("backup")
def backup_(
    file: Annotated[Path, typer.Argument(help="Where the backup goes")],
    recipient: Annotated[
        str | None,
        typer.Option(help="Encrypt it for this key: age1… or ssh-… (age), else the name of a key of gpg"),
    ] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Write the whole database to one file, while everything goes on."""
    config = terminal.load()
    size = backup.write(db.database_url(config), file, recipient)
    facts = {"file": str(file), "bytes": size, "encrypted": recipient is not None}
    terminal.show(
        facts, as_json, lambda: terminal.translator(config).text("said.backup", file=str(file), bytes=size)
    )


@app.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(help="What `db backup` wrote")],
    into: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Another database than that of the settings; it must exist, with PostGIS"
        ),
    ] = None,
    identity: Annotated[
        Path | None, typer.Option(help="File with the secret key, for a backup that age encrypted")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Let everything go that is in the database now")
    ] = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Put a backup back, all of it or nothing, and bring it to the newest schema. Stop API and worker first."""
    config = terminal.load(**({"database_url": into} if into else {}))
    url = db.database_url(config)
    backup.restore(file, url, identity, replace=replace)
    engine_url = url.render_as_string(hide_password=False)
    prepare_database(engine_url, config.city_organisation, city.content(config.city_file), vault.of(config))
    with db.write(db.create_engine_from(config)) as conn:
        feed_epoch.renew(conn)  # readers of the feed may be ahead of the backup
        facts = dict(db.fetch(conn, "geo_service.store", "backup_counts")[0])
    facts |= {"schema": migrate.current(engine_url)}
    terminal.show(facts, as_json, lambda: terminal.translator(config).text("said.restored", **facts))


@app.command("renew-epoch")
def renew_epoch() -> None:
    """Say that the database stands at an earlier moment than before, put back by other means than `db restore`: who follows the feed begins anew."""
    config = terminal.load()
    with db.write(db.create_engine_from(config)) as conn:
        epoch = feed_epoch.renew(conn)
    terminal.out.print(terminal.translator(config).text("said.epoch", epoch=str(epoch)))


@app.command("reader")
def reader_(
    off: Annotated[bool, typer.Option("--off", help="Let nobody in any more, and end who is")] = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Let other programs read: a fresh password for the role geo_reader, which sees the views of the schema gis and nothing else."""
    config = terminal.load()
    translator, password = terminal.translator(config), secrets.token_urlsafe(24)
    with db.write(db.create_engine_from(config)) as conn:
        if off:
            reader.close(conn)
        else:
            reader.open_(conn, password)
    if off:
        terminal.show({"open": False}, as_json, lambda: translator.text("said.reader_off"))
        return
    url = db.read_database_url(config).set(drivername="postgresql", username=reader.ROLE, password=password)
    text = url.render_as_string(hide_password=False)
    terminal.show(
        {"open": True, "database_url": text}, as_json, lambda: translator.text("said.reader", url=text)
    )
