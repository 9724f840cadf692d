"""`geo-service`: the command line. Each command translates; the engine does the work.

Exit codes: 0 done, 1 done with rejected rows or found blocking conflicts, 2 wrong use, 3 cannot reach what it needs.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy.exc import ProgrammingError
from typer.exceptions import TyperException

from geo_service import db, i18n, setting_lines
from geo_service import settings as settings_module
from geo_service.cli import (
    alerts,
    batch,
    bench,
    database,
    detect,
    export,
    help_locale,
    intake,
    keys,
    mail,
    parameters,
    plan,
    privacy,
    reliability,
    renumberings,
    report,
    rules,
    simulate,
    terminal,
    usage,
    users,
)
from geo_service.domain.errors import (
    DatabaseUnreachable,
    GeoServiceError,
    PostgresMissing,
    SourceUnreachable,
    SparkFailed,
    WorkerAbsent,
)
from geo_service.store import migrate

NAME = "geo-service"
HELP = """Works, repairs and buildings that get in each other's way: find it beforehand.

Exit codes: 0 done, 1 done with rejected rows or found blocking conflicts, 2 wrong use, 3 cannot reach what it needs,
130 and 143 ended by Ctrl-C or SIGTERM.
"""

app = typer.Typer(no_args_is_help=True, add_completion=False, help=HELP)


def main() -> None:
    """Run a command. An error is one line on stderr, where the log goes as well: stdout is for the answer."""
    command = typer.main.get_command(app)
    translator = _translator()
    if translator.language == "nl":
        help_locale.in_dutch(command)
    try:
        code = command(prog_name=NAME, standalone_mode=False)
    except TyperException as error:
        _fail(usage.sentence(error, translator), terminal.WRONG_USE)
    except typer.Abort:
        _fail(translator.text("usage.aborted"), terminal.REJECTED)
    except (DatabaseUnreachable, PostgresMissing, SourceUnreachable, SparkFailed, WorkerAbsent) as error:
        _fail(terminal.error_text(error), terminal.UNREACHABLE)
    except GeoServiceError as error:
        _fail(terminal.error_text(error), terminal.WRONG_USE)
    except ProgrammingError:  # a table or column is not there: of this version, or at all
        _check_schema()
        raise
    sys.exit(code)


def _check_schema() -> None:
    try:
        with db.read(db.create_read_engine_from(terminal.load())) as conn:
            migrate.check(conn)
    except DatabaseUnreachable as error:
        _fail(terminal.error_text(error), terminal.UNREACHABLE)


def _translator() -> i18n.Translator:
    """The translator of the terminal; a Dutch one while the settings are invalid, which the command then reports."""
    try:
        return terminal.translator(settings_module.load())
    except settings_module.InvalidSettings:
        return i18n.Translator("nl", date.today())


def _fail(message: str, code: int) -> None:
    if message:
        terminal.tell(f"{NAME}: {message}", style="red", as_json="--json" in sys.argv)
    sys.exit(code)


@app.command()
def serve() -> None:
    """Serve API and viewer."""
    from geo_service.api.serve import run

    run(terminal.load())


@app.command()
def worker(
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Only say whether any worker of this database gives signs of life: exit code 0, else 3",
        ),
    ] = False,
) -> None:
    """Deliver alerts, take in the feeds and recompute at midnight."""
    if check:
        _check_worker(terminal.load())
        return
    from geo_service.worker import run

    run(terminal.load())


def _check_worker(config: settings_module.Settings) -> None:
    """Raises WorkerAbsent."""
    with db.read(db.create_read_engine_from(config)) as conn:
        [row] = db.fetch(conn, "geo_service.store", "worker_is_up")
    if not row["up"]:
        raise WorkerAbsent("worker_absent")


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
    config = terminal.load(**overrides)
    run(config, reset=reset, scale=scale, console=terminal.out, translator=terminal.translator(config))


@app.command("settings")
def settings_(wide: terminal.Wide = False, as_json: terminal.AsJson = False) -> None:
    """Every setting with its value and where that comes from; secrets are masked."""
    config = terminal.load()
    rows = [
        {"variable": line.variable, "value": line.value, "origin": line.origin, "meaning": line.description}
        for line in setting_lines.describe(config, terminal.translator(config).language)
    ]
    terminal.show(
        rows,
        as_json,
        lambda: terminal.rows_table(rows, ("variable", "value", "origin", "meaning"), wide=wide),
    )


app.command("import")(intake.import_)
app.command()(detect.detect)
app.command()(detect.check)
app.command()(plan.plan)
app.command()(simulate.simulate)
app.command()(export.export)
app.add_typer(database.app, name="db")
app.add_typer(keys.app, name="keys")
app.add_typer(users.app, name="users")
app.add_typer(privacy.app, name="privacy")
app.add_typer(alerts.app, name="alerts")
app.add_typer(mail.app, name="mail")
app.add_typer(rules.app, name="rules")
app.add_typer(parameters.app, name="parameters")
app.add_typer(reliability.app, name="reliability")
app.add_typer(renumberings.app, name="renumberings")
app.add_typer(report.app, name="report")
app.add_typer(batch.app, name="batch")
app.add_typer(bench.app, name="bench")
usage.install(app)
