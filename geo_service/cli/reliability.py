"""`geo-service reliability …`: the slack of each owner's dates, learnt or set by hand."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import sqlalchemy as sa
import typer

from geo_service import db
from geo_service import settings as settings_module
from geo_service.cli import terminal
from geo_service.coordination import day_change, learning
from geo_service.domain.errors import InvalidInput
from geo_service.domain.reliability import LEARNT_CERTAINTIES, Reliability, fixed
from geo_service.settings import Settings
from geo_service.store import locks, reliabilities

app = typer.Typer(
    no_args_is_help=True, help="How far each owner's dates may be off: list, learn, fix, release."
)

EVERYONE = "all"

Owner = Annotated[str, typer.Argument(help="An owner group as `reliability list` shows it, or `all`")]
Certainty = Annotated[str, typer.Argument(help="indicative, planned, confirmed or in_progress")]


@app.command("list")
def list_(
    owner: Annotated[str | None, typer.Option(help="Only this owner group, beside all owners")] = None,
    wide: terminal.Wide = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Slack and probability of all owners and of each that has its own, with what they were learnt from."""
    with db.read(db.create_read_engine_from(terminal.load())) as conn:
        rows = [dict(row) for row in reliabilities.find(conn, owner)]
    for row in rows:
        del row["place"]
    columns = ("owner_group", "certainty", "slack_days", "probability", "works", "origin")
    listed = [
        {
            **row,
            "owner_group": row["owner_group"] or EVERYONE,
            "slack_days": f"-{row['slack_before_days']} +{row['slack_after_days']}",
            "works": row["observations"],
            "origin": row["source"] or row["origin"],
        }
        for row in rows
    ]
    terminal.show(rows, as_json, lambda: terminal.rows_table(listed, columns, wide=wide))


@app.command("learn")
def learn(as_json: terminal.AsJson = False) -> None:
    """Learn from the changes observed until now, and find everything anew where that changes a figure. Also done each night."""
    config = terminal.load()
    with db.write(db.create_engine_from(config)) as conn:
        locks.claims_writer(conn)
        done = learning.learn(conn, settings_module.today(config))
        result = _recompute(conn, config) if done.changed else {}
    facts = {**asdict(done), **result}
    counted = {"rows": done.rows, "groups": done.owner_groups, "changed": done.changed}
    words = terminal.translator(config).text("said.learnt", **counted)
    terminal.show(facts, as_json, lambda: words)


@app.command("fix")
def fix(
    owner: Owner,
    certainty: Certainty,
    source: Annotated[str, typer.Option(help="Who decided this, on what ground")],
    before: Annotated[int | None, typer.Option(help="Days before the stated start")] = None,
    after: Annotated[int | None, typer.Option(help="Days after the stated end")] = None,
    probability: Annotated[
        float | None, typer.Option(help="That the ground is opened at all, 0 to 1")
    ] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Set figures by hand and find everything anew; what is not given stays as it is in force. Learning leaves them alone."""
    config = terminal.load()
    values: dict[str, Any] = {
        "slack_before_days": before,
        "slack_after_days": after,
        "probability": probability,
    }
    if not source.strip():
        raise InvalidInput.one("source", "number_without_source")
    with db.write(db.create_engine_from(config)) as conn:
        locks.claims_writer(conn)
        group = _group(owner)
        now = fixed(
            _in_force(conn, group, certainty),
            {name: value for name, value in values.items() if value is not None},
        )
        reliabilities.fix(conn, group, certainty, now, source)
        result = _recompute(conn, config)
    facts = {"owner_group": group, "certainty": certainty, **asdict(now), "source": source, **result}
    terminal.show(facts, as_json, lambda: _sentence(config, owner, certainty, now))


@app.command("release")
def release(owner: Owner, certainty: Certainty, as_json: terminal.AsJson = False) -> None:
    """Take back what was fixed by hand, learn, and find everything anew."""
    config = terminal.load()
    with db.write(db.create_engine_from(config)) as conn:
        locks.claims_writer(conn)
        group = _group(owner)
        reliabilities.release(conn, group, _certainty(certainty))
        learning.learn(conn, settings_module.today(config))
        now = _in_force(conn, group, certainty)
        result = _recompute(conn, config)
    facts = {"owner_group": group, "certainty": certainty, **asdict(now), **result}
    terminal.show(facts, as_json, lambda: _sentence(config, owner, certainty, now))


def _sentence(config: Settings, owner: str, certainty: str, now: Reliability) -> str:
    figures = {
        "before": now.slack_before_days,
        "after": now.slack_after_days,
        "chance": f"{now.probability:g}",
    }
    return terminal.translator(config).text("said.reliability", owner=owner, code=certainty, **figures)


def _group(owner: str) -> str | None:
    return None if owner == EVERYONE else owner


def _certainty(certainty: str) -> str:
    if certainty not in LEARNT_CERTAINTIES:
        raise InvalidInput.one("certainty", "unknown", known=LEARNT_CERTAINTIES)
    return certainty


def _in_force(conn: sa.Connection, owner_group: str | None, certainty: str) -> Reliability:
    """What counts now for this owner group: its own figures, else those of all owners."""
    rows = [row for row in reliabilities.find(conn, owner_group) if row["certainty"] == _certainty(certainty)]
    own = [row for row in rows if row["owner_group"] == owner_group]
    return reliabilities.values_of((own or rows)[0])


def _recompute(conn: sa.Connection, config: Settings) -> dict[str, int]:
    done = day_change.recompute(conn, settings_module.today(config))
    return {"opened": done.opened, "closed": done.closed, "alerts": done.alerts}
