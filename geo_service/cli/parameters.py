"""`geo-service parameters …`: the figures that each city sets for itself."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from geo_service import db
from geo_service import settings as settings_module
from geo_service.cli import terminal
from geo_service.coordination import day_change
from geo_service.domain.errors import InvalidInput
from geo_service.domain.parameter_ranges import checked
from geo_service.domain.parameters import PARAMETER_NAMES
from geo_service.intake.mapping.coordinates import number_of
from geo_service.store import audit, locks, rules

_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")

app = typer.Typer(no_args_is_help=True, help="Prices, lives and terms: list, set.")


@app.command("list")
def list_(wide: terminal.Wide = False, as_json: terminal.AsJson = False) -> None:
    """Every parameter with its value and where that comes from."""
    with db.read(db.create_read_engine_from(terminal.load())) as conn:
        now, own = rules.load_parameters(conn), rules.parameter_sources(conn)
    rows = [
        {
            "name": name,
            "value": getattr(now, name),
            "source": own[name]["source"] if name in own else "default",
            "updated_at": own[name]["updated_at"] if name in own else None,
        }
        for name in PARAMETER_NAMES
    ]
    terminal.show(
        rows, as_json, lambda: terminal.rows_table(rows, ("name", "value", "source", "updated_at"), wide=wide)
    )


@app.command("set", context_settings={"ignore_unknown_options": True})  # -5 is a number
def set_(
    name: Annotated[str, typer.Argument(help="As `parameters list` shows it")],
    value: Annotated[str, typer.Argument(help="Metres, m², euro, days, months or years, as the name says")],
    source: Annotated[str, typer.Option(help="Where this number comes from: a contract, a decision")],
    as_json: terminal.AsJson = False,
) -> None:
    """Set one number and find everything anew with it."""
    config = terminal.load()
    number = _number(value)
    if not source.strip():
        raise InvalidInput.one("source", "number_without_source")
    with db.write(db.create_engine_from(config)) as conn:
        locks.claims_writer(conn)
        before = rules.load_parameters(conn)
        checked(before, name, number)
        rules.set_parameter(conn, name, number, source)
        numbers = {"from": getattr(before, name), "to": number, "source": source}
        audit.record(conn, audit.Actor(audit.COMMAND_LINE), "parameter_set", f"parameter:{name}", **numbers)
        done = day_change.recompute(conn, settings_module.today(config))
    facts = {
        "name": name,
        "value": number,
        "opened": done.opened,
        "closed": done.closed,
        "alerts": done.alerts,
    }
    counted = {"opened": done.opened, "closed": done.closed, "alerts": done.alerts}
    words = terminal.translator(config).text("said.parameter", name=name, value=f"{number:g}", **counted)
    terminal.show(facts, as_json, lambda: words)


def _number(text: str) -> float:
    """A number with a decimal comma or point. Raises InvalidInput, also where a sign may group thousands: `1.250` is 1,250 to some."""
    plain = text.strip()
    if _THOUSANDS.fullmatch(plain):
        raise InvalidInput.one("value", "number_two_meanings", given=plain)
    number = number_of(plain)
    if number is None:
        raise InvalidInput.one("value", "number_invalid.value", given=plain[:40])
    return number
