"""`geo-service rules …`: list the rules, preview a change, and activate a rule."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from geo_service import db
from geo_service import settings as settings_module
from geo_service.cli import terminal
from geo_service.coordination import rule_lifecycle
from geo_service.detection.preview import CHANGES, Preview, preview
from geo_service.domain.conflicts import SEVERITIES
from geo_service.domain.errors import InvalidInput
from geo_service.domain.rules import changed, public
from geo_service.i18n import Translator
from geo_service.store import locks, rules

app = typer.Typer(no_args_is_help=True, help="The rules in force: look, try a change, wake one.")

BY = "command line"
FROM_COST = "cost"
"""The severity of a rule that has none of its own, as one says it here."""
MOST_ROWS = 20

RuleId = Annotated[str, typer.Argument(help="As `rules list` shows it")]


@app.command("list")
def list_(wide: terminal.Wide = False, as_json: terminal.AsJson = False) -> None:
    """The rules in force with their parameters."""
    with db.read(db.create_read_engine_from(terminal.load())) as conn:
        rows = [public(dict(row)) for row in rules.in_force(conn)]
    columns = (
        "id",
        "life",
        "blocking",
        "kinds_a",
        "kinds_b",
        "clearance_m",
        "owners",
        "version",
        "changed_by",
    )
    terminal.show(rows, as_json, lambda: terminal.rows_table(rows, columns, wide=wide))


@app.command("preview")
def preview_(
    rule_id: RuleId,
    life: Annotated[str | None, typer.Option(help="shadow, active or retired")] = None,
    clearance_m: Annotated[float | None, typer.Option(help="Metres between the footprints")] = None,
    least_share: Annotated[
        float | None, typer.Option(help="Share of a's ground that must lie under b")
    ] = None,
    before_days: Annotated[int | None, typer.Option(help="Days before a's period")] = None,
    after_days: Annotated[int | None, typer.Option(help="Days after a's period")] = None,
    owners: Annotated[str | None, typer.Option(help="any, same or different")] = None,
    severity: Annotated[
        str | None, typer.Option(help="info … critical, or cost: from the cost at risk")
    ] = None,
    blocking: Annotated[bool | None, typer.Option("--blocking/--informing", help="May hold a repair")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """What a change would make appear, disappear or change severity. Nothing is stored; without a change: what waking it would do."""
    options: dict[str, Any] = {
        "life": life,
        "clearance_m": clearance_m,
        "least_share": least_share,
        "before_days": before_days,
        "after_days": after_days,
        "owners": owners,
        "severity": severity,
        "blocking": blocking,
    }
    changes = {name: value for name, value in options.items() if value is not None} or {"life": "active"}
    if severity is not None and severity not in (*SEVERITIES, FROM_COST):
        severities = (*SEVERITIES, FROM_COST)
        raise InvalidInput.one("severity", "unknown", known=severities)
    if severity == FROM_COST:
        changes["severity"] = None
    config = terminal.load()
    with db.scratch(db.create_engine_from(config)) as conn:
        before = rules.from_row(rules.get(conn, rule_id))
        result = preview(conn, before, changed(before, changes), settings_module.today(config))
    facts = {
        "rule": rule_id,
        "version": before.version,
        **result.counts,
        "conflicts": [result.before.conflicts, result.after.conflicts],
        "blocking": [result.before.blocking, result.after.blocking],
        "cost_at_risk_eur": [result.before.cost_at_risk_eur, result.after.cost_at_risk_eur],
    }
    terminal.show(facts, as_json, lambda: _preview_table(result, terminal.translator(config)))


@app.command("activate")
def activate(
    rule_id: RuleId,
    reason: Annotated[str | None, typer.Option(help="Why, for the record")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Wake a rule from its shadow: from now on it tells and holds. Everything is found anew."""
    config = terminal.load()
    with db.write(db.create_engine_from(config)) as conn:
        locks.claims_writer(conn)
        day = settings_module.today(config)
        done = rule_lifecycle.change(conn, rule_id, {"life": "active"}, day, by=BY, reason=reason)
        version = rules.get(conn, rule_id)["version"]
    facts = {"rule": rule_id, "version": version, **done.counts, "alerts": done.alerts}
    counted = {"appear": done.counts["appear"], "alerts": done.alerts}
    words = terminal.translator(config).text("said.activated", rule=rule_id, version=str(version), **counted)
    terminal.show(facts, as_json, lambda: words)


def _preview_table(result: Preview, translator: Translator) -> Table:
    """Before and after in the title, then the worst of what changes."""
    before, after = result.before, result.after
    title = translator.text(
        "said.preview",
        before=before.conflicts,
        after=after.conflicts,
        cost_before=translator.money(before.cost_at_risk_eur),
        cost_after=translator.money(after.cost_at_risk_eur),
    )
    heads = (
        translator.text(f"column.{name}") for name in ("conflict", "was", "becomes", "from", "to", "cost")
    )
    table = Table("", *heads, title=title)
    words = {change: translator.text(f"said.preview.{change}") for change in CHANGES}
    for change, rows in result.rows.items():
        for row in rows[:MOST_ROWS]:
            number, days, cost = row["number"], row["b"], row["facts"]["cost_at_risk_eur"]
            entries = (
                words[change],
                f"C-{number}" if number else "",
                *(_severity(row[name], translator) for name in ("severity_before", "severity_after")),
                days["starts_on"],
                days["ends_on"] or "",
                f"{cost:.0f}",
            )
            table.add_row(*entries)
        if result.counts[change] > MOST_ROWS:
            table.add_row(words[change], translator.text("said.preview.all", count=result.counts[change]))
    return table


def _severity(severity: str | None, translator: Translator) -> str:
    return translator.text(f"severity.{severity}") if severity else ""
