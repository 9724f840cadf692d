"""`geo-service`: the command line. Each verb translates; the work is done by the engine.

Exit codes: 0 done, 1 done with rejected rows or found blocking conflicts, 2 wrong use, 3 cannot reach what it needs.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Annotated, Any, cast
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from shapely.geometry import Point

from geo_service import cluster, db, i18n, logs
from geo_service import settings as settings_module
from geo_service.coordination import advising, changes
from geo_service.detection.prepare import prepare_database
from geo_service.detection.run import EVERYTHING, AskedRepair
from geo_service.domain import geometry
from geo_service.domain.crs import WGS84
from geo_service.domain.errors import (
    DatabaseUnreachable,
    GeoServiceError,
    InvalidInput,
    PostgresMissing,
    SourceUnreachable,
)
from geo_service.domain.repairs import SCOPES, Scope
from geo_service.domain.roles import ROLES, Role
from geo_service.intake.load import Report, run_import
from geo_service.settings import Settings
from geo_service.store import keys, locks, migrate, organisations, rules

DONE, REJECTED, WRONG_USE, UNREACHABLE = 0, 1, 2, 3

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
db_app = typer.Typer(no_args_is_help=True, help="The private database: start, stop, migrate, look.")
keys_app = typer.Typer(no_args_is_help=True, help="API keys: create, list, revoke.")
rules_app = typer.Typer(no_args_is_help=True, help="The rules in force.")
app.add_typer(db_app, name="db")
app.add_typer(keys_app, name="keys")
app.add_typer(rules_app, name="rules")

out, err = Console(), Console(stderr=True)
AsJson = Annotated[bool, typer.Option("--json", help="For machines")]


def main() -> None:
    """Run a command; an error of ours is one clear line on stderr, as is the log: stdout is for the answer."""
    try:
        app()
    except (DatabaseUnreachable, PostgresMissing, SourceUnreachable) as error:
        _fail(error, UNREACHABLE)
    except GeoServiceError as error:
        _fail(error, WRONG_USE)


def _fail(error: GeoServiceError, code: int) -> None:
    err.print(f"geo-service: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(code)


def _load(*, log_level: str | None = None, **overrides: Any) -> Settings:
    """The settings of this run. A command that answers and ends only logs what went wrong."""
    config = settings_module.load(**overrides)
    logs.configure(log_level or config.log_level)
    return config


def _show(value: Any, as_json: bool, table: Callable[[], Table | str]) -> None:
    if as_json:
        print(json.dumps(value, default=str, ensure_ascii=False))  # noqa: T201
    else:
        out.print(table())


@app.command()
def serve() -> None:
    """Serve API and viewer."""
    from geo_service.api.serve import run

    run(_load())


@app.command()
def worker() -> None:
    """Deliver alerts and recompute at midnight."""
    from geo_service.worker import run

    run(_load())


@app.command()
def demo(
    reset: Annotated[bool, typer.Option("--reset", help="Start over with a fresh city")] = False,
    scale: Annotated[float, typer.Option(min=0.2, max=100, help="Towns to build, for benchmarks")] = 1.0,
) -> None:
    """Start the demo city: database, API, worker and viewer; Ctrl-C stops it all."""
    from geo_service.demo_run import run

    overrides: dict[str, Any] = {"demo": True}
    if "PORT" in os.environ:
        overrides["port"] = os.environ["PORT"]
    run(_load(**overrides), reset=reset, scale=scale, console=out)


@db_app.command("up")
def db_up(as_json: AsJson = False) -> None:
    """Start the private database and bring it to the newest schema."""
    config = _load()
    private = cluster.Cluster(config.home)
    private.start()
    url = db.database_url(config).render_as_string(hide_password=False)
    prepare_database(url, config.city_organisation)
    _show({"database_url": private.url}, as_json, lambda: private.url)


@db_app.command("down")
def db_down() -> None:
    """Stop the private database; its data stays."""
    cluster.Cluster(_load().home).stop()


@db_app.command("migrate")
def db_migrate() -> None:
    """Bring the database to the newest schema."""
    config = _load()
    url = db.database_url(config).render_as_string(hide_password=False)
    prepare_database(url, config.city_organisation)
    out.print(f"schema {migrate.current(url)}")


@db_app.command("status")
def db_status(as_json: AsJson = False) -> None:
    """Whether the database answers, and at which schema it is."""
    config = _load()
    with db.read(db.create_read_engine_from(config)) as conn:
        version = str(conn.exec_driver_sql("SHOW server_version").scalar())
    schema = migrate.current(db.database_url(config).render_as_string(hide_password=False))
    facts = {"server": version, "schema": schema, "newest": migrate.newest()}
    _show(facts, as_json, lambda: f"PostgreSQL {version}, schema {schema} (newest {facts['newest']})")


@app.command("import")
def import_(
    source: Annotated[str, typer.Argument(help="gipod, works or repairs")],
    origin: Annotated[str | None, typer.Argument(help="FILE or URL")] = None,
    mapping: Annotated[
        str | None, typer.Option(help="Name or path of a mapping (data/mappings/NAME.toml)")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="The same report; nothing is stored")] = False,
    as_json: AsJson = False,
) -> None:
    """Take in works or repairs. Every row is counted; a row that is left out has its reason."""
    config = _load(log_level="warning")
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, disable=as_json) as progress:
        task = progress.add_task(source, total=None)

        def tell(done: int, total: int | None) -> None:
            progress.update(task, completed=done, total=total)

        day = settings_module.today(config)
        engine = db.create_engine_from(config)
        report = run_import(
            engine, config, source, origin, mapping=mapping, dry_run=dry_run, today=day, progress=tell
        )
    _show(report.as_json(), as_json, lambda: _report_table(report))
    raise typer.Exit(REJECTED if report.rejected else DONE)


def _report_table(report: Report) -> Table:
    table = Table(title=f"{report.source}: {report.read} gelezen in {report.seconds:.1f} s")
    for name in ("created", "changed", "unchanged", "rejected", "vanished", "conflicts_opened"):
        table.add_column(name)
    counts = (
        report.created,
        report.changed,
        report.unchanged,
        report.rejected,
        report.vanished,
        report.conflicts_opened,
    )
    table.add_row(*(str(count) for count in counts))
    for rejection in report.rejections[:20]:
        table.add_section()
        table.add_row(
            f"rij {rejection.row}",
            str(rejection.id),
            rejection.field or "",
            rejection.code,
            rejection.message,
        )
    return table


@app.command()
def detect(
    full: Annotated[bool, typer.Option("--full", help="Everything anew")] = True, as_json: AsJson = False
) -> None:
    """Recompute claims and conflicts."""
    config = _load()
    with db.write(db.create_engine_from(config)) as conn:
        locks.claims_writer(conn)
        done = changes.record(conn, EVERYTHING, settings_module.today(config))
    facts = {"opened": done.opened, "closed": done.closed, "alerts": done.alerts}
    _show(facts, as_json, lambda: f"{done.opened} geopend, {done.closed} gesloten, {done.alerts} meldingen")


@app.command()
def check(
    at: Annotated[str, typer.Option(help="LON,LAT")],
    scope: Annotated[str, typer.Option(help="spot or section")] = "section",
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day you would repair")
    ] = None,
    urgency: Annotated[str, typer.Option(help="low, normal, high or danger")] = "normal",
    as_json: AsJson = False,
) -> None:
    """May I repair here? Exit code 1 when works are in the way."""
    config = _load()
    day = settings_module.today(config)
    if scope not in SCOPES:
        raise InvalidInput.one("scope", "unknown", f"scope must be one of {', '.join(SCOPES)}")
    place = _place(at, config)
    with db.read(db.create_read_engine_from(config)) as conn:
        start: date | None = on.date() if on else None
        group = organisations.group_of(conn, config.city_organisation)
        asked = AskedRepair(place, cast(Scope, scope), group, start, start and start + timedelta(days=1))
        advice, found = advising.of_asked(conn, asked, cast(Any, urgency), day)
    from geo_service.api import views

    speaker = i18n.Speaker(i18n.preferred(os.environ.get("LANG", "nl")[:2]), day)
    shown = views.advice(advice, speaker)
    lines = [shown["title"], shown["sentence"], *(reason["text"] for reason in shown["reasons"])]
    _show({**shown, "conflicts": len(found)}, as_json, lambda: "\n".join(lines))
    raise typer.Exit(REJECTED if advice.blocked else DONE)


def _place(at: str, config: Settings) -> Point:
    try:
        lon, lat = (float(part) for part in at.split(","))
    except ValueError as error:
        raise InvalidInput.one("at", "place_malformed", "--at is LON,LAT") from error
    value = {"type": "Point", "coordinates": [lon, lat]}
    place = geometry.read_geojson(value, field="at", crs=WGS84, region=config.region_bbox)
    assert isinstance(place, Point)
    return place


@keys_app.command("create")
def keys_create(
    role: Annotated[str, typer.Argument(help=", ".join(ROLES))],
    name: Annotated[str, typer.Option(help="Who or what uses it")],
    owner_group: Annotated[str | None, typer.Option(help="Of a partner: proximus, fluvius …")] = None,
) -> None:
    """Make a key. It is shown once."""
    if role not in ROLES:
        raise InvalidInput.one("role", "unknown", f"role must be one of {', '.join(ROLES)}")
    with db.write(db.create_engine_from(_load())) as conn:
        out.print(keys.create(conn, name, cast(Role, role), owner_group=owner_group), soft_wrap=True)


@keys_app.command("list")
def keys_list(as_json: AsJson = False) -> None:
    """Keys in use and revoked, without the keys themselves."""
    with db.read(db.create_read_engine_from(_load())) as conn:
        rows = [dict(row) for row in keys.listed(conn)]
    _show(rows, as_json, lambda: _rows_table(rows, ("id", "name", "role", "expires_at", "revoked_at")))


@keys_app.command("revoke")
def keys_revoke(key_id: Annotated[UUID, typer.Argument(help="The id that `keys list` shows")]) -> None:
    """End a key now."""
    with db.write(db.create_engine_from(_load())) as conn:
        if not keys.revoke(conn, key_id):
            raise InvalidInput.one("key_id", "not_found", f"there is no key {key_id} in use")


@rules_app.command("list")
def rules_list(as_json: AsJson = False) -> None:
    """The rules in force with their parameters."""
    with db.read(db.create_read_engine_from(_load())) as conn:
        rows = [dict(row) for row in rules.in_force(conn)]
    _show(
        rows,
        as_json,
        lambda: _rows_table(
            rows, ("id", "version", "life", "kinds_a", "kinds_b", "clearance_m", "owners", "blocking")
        ),
    )


@app.command("settings")
def settings_(as_json: AsJson = False) -> None:
    """Every setting with its value and where that comes from; secrets are masked."""
    rows = [
        {"variable": line.variable, "value": line.value, "origin": line.origin, "meaning": line.description}
        for line in settings_module.describe(_load())
    ]
    _show(rows, as_json, lambda: _rows_table(rows, ("variable", "value", "origin", "meaning")))


def _rows_table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> Table:
    table = Table(*columns)
    for row in rows:
        table.add_row(*("" if row[name] is None else str(row[name]) for name in columns))
    return table
