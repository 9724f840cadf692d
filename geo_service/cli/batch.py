"""`geo-service batch …`: the pairs of a whole country or of years, by an engine of one's choice, apart from the service."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import sqlalchemy as sa
import typer

from geo_service import db
from geo_service import settings as settings_module
from geo_service.cli import terminal
from geo_service.domain.errors import InvalidInput
from geo_service.domain.rules import CHANGEABLE, changed
from geo_service.settings import Settings
from geo_service.store import rules

if TYPE_CHECKING:  # the libraries of these rooms take a second, which no other command needs
    import pyarrow as pa

    from geo_service.analysis.dataset import Dataset
    from geo_service.analysis.spark import Cluster

app = typer.Typer(
    no_args_is_help=True, help="All pairs at once, by PostGIS, SedonaDB or a cluster with Spark."
)

MEASURES = ("clearance_m", "least_share")
WORDS = ("life", "owners", "severity")
SWITCHES = ("same_side", "blocking")
"""What of a rule is not counted in whole days or digs."""
SEARCH = ("clearance_m", "before_days", "after_days", "owners", "same_side", "ends_within_days")
"""What of a rule decides which claims are pairs; the rest is decided where a pair becomes a conflict."""

Claims = Annotated[Path, typer.Option("--claims", help="Folder that `batch claims` wrote")]
Out = Annotated[Path, typer.Option("--out", help="The file of pairs (Parquet)")]
Engine = Annotated[str, typer.Option(help="postgis, sedonadb or spark")]
Master = Annotated[
    str | None, typer.Option(help="The master of Spark, as spark://host:7077; default: this machine")
]
Conf = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=VALUE", help="Tell Spark something, as spark.executor.memory=4g"),
]


@app.command("claims")
def claims(
    out: Annotated[Path, typer.Option("--out", help="The new folder")],
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="For a back-test: with all that was over since this day"),
    ] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Write all claims and the rules in force as GeoParquet, by place and month; nobody is in it who reported a defect."""
    config = terminal.load()
    today, first = settings_module.today(config), since and since.date()
    if first and first >= today:
        raise InvalidInput.one("since", "still_to_come", given=str(first))
    started = time.monotonic()
    with db.scratch(db.create_engine_from(config)) as conn:
        made = _write(conn, out, today, first)
    counted = {"claims": made.claims, "rules": len(made.rules), "files": len(made.files)}
    facts = {"folder": str(out), **counted, "seconds": round(time.monotonic() - started, 2)}
    words = terminal.translator(config).text("said.batch_claims", folder=str(out), **counted)
    terminal.show(facts, as_json, lambda: words)


@app.command("detect")
def detect(
    claims: Claims,
    out: Out,
    engine: Engine = "postgis",
    master: Master = None,
    conf: Conf = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Find every pair of claims that a rule lets meet, with its figures. All engines find the same; the hash says so."""
    from geo_service.analysis import dataset

    config = terminal.load()
    cluster = _cluster(engine, master, conf)
    _, facts = _pairs(config, dataset.read(claims), out, engine, cluster)
    words = terminal.translator(config).text("said.batch_detect", file=str(out), **facts)
    terminal.show(facts, as_json, lambda: words)


@app.command("backtest")
def backtest(
    claims: Claims,
    out: Out,
    rule: Annotated[str | None, typer.Option(help="Only this rule, also one that is asleep")] = None,
    change: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="The rule with another value, as clearance_m=5"),
    ] = None,
    engine: Engine = "postgis",
    master: Master = None,
    conf: Conf = None,
    wide: terminal.Wide = False,
    as_json: terminal.AsJson = False,
) -> None:
    """What the rules would have found in past years, by year and owner, from claims that were written with --since."""
    from geo_service.analysis import dataset
    from geo_service.analysis.backtest import by_year, by_year_and_owner

    config = terminal.load()
    cluster = _cluster(engine, master, conf)
    data = dataset.read(claims)
    if data.since is None:
        raise InvalidInput.one("claims", "batch_no_history", given=str(claims))
    if rule is None and not change:
        data = replace(data, rules=tuple(one for one in data.rules if one.least_count is None))
    else:
        data = _with_rule(data, rule, dict(map(_value, change or [])))
    rows, facts = _pairs(config, data, out, engine, cluster)
    table = by_year_and_owner(rows)
    facts |= {"since": data.since, "years": by_year(rows), "owners": table}
    columns = ("rule", "year", "owner", "meetings", "pairs", "overlap_m2")
    terminal.show(facts, as_json, lambda: terminal.rows_table(table, columns, wide=wide))


def _write(conn: sa.Connection, out: Path, today: date, since: date | None) -> Dataset:
    from geo_service.analysis import dataset, history

    in_force = [rules.from_row(row) for row in rules.in_force(conn)]
    parameters = rules.load_parameters(conn)
    if since is not None:
        history.put_claims(conn, since, parameters)
    return dataset.write(conn, out, since or today, parameters.unsure_clearance_m, in_force, since)


def _cluster(engine: str, master: str | None, conf: list[str] | None) -> Cluster:
    """The cluster that these options name."""
    from geo_service.analysis.spark import Cluster

    for name, value in (("master", master), ("conf", conf)):
        if value and engine != "spark":
            raise InvalidInput.one(name, "batch_only_spark")
    settings = [one.partition("=") for one in conf or []]
    if not all(name and sign for name, sign, _ in settings):
        raise InvalidInput.one("conf", "batch_conf")
    return Cluster(master or Cluster.master, {name: value for name, _, value in settings})


def _pairs(
    config: Settings, data: Dataset, out: Path, engine: str, cluster: Cluster
) -> tuple[pa.Table, dict[str, Any]]:
    """The pairs, written to `out`, and what is said of them."""
    from geo_service.analysis import engines, pairs

    pairs.check_place(out)
    started = time.monotonic()
    place = engines.Workplace(lambda: db.create_engine_from(config), out.absolute().parent, cluster)
    rows = pairs.canonical(engines.pairs_by(engine, data, place))
    facts = {"engine": engine, "claims": data.claims, "pairs": rows.num_rows, "sha256": pairs.digest(rows)}
    pairs.write(rows, out, {**facts, **data.origin()})
    return rows, {**facts, "seconds": round(time.monotonic() - started, 2)}


def _with_rule(data: Dataset, name: str | None, values: dict[str, Any]) -> Dataset:
    """The claims with one rule, changed by `values`."""
    by_id = {one.id: one for one in data.rules}
    for idle in values.keys() & set(CHANGEABLE) - set(SEARCH):
        raise InvalidInput.one(idle, "batch_change_idle", known=list(SEARCH))
    if name not in by_id:
        raise InvalidInput.one("rule", "unknown.word", known=list(by_id))
    if by_id[name].least_count is not None:
        raise InvalidInput.one("rule", "batch_rule_counts", given=name)
    return replace(data, rules=(changed(by_id[name], values),))


def _value(text: str) -> tuple[str, Any]:
    """Name and value of NAME=VALUE. Raises InvalidInput about a name whose value is of another sort."""
    name, _, value = text.partition("=")
    if name in WORDS:
        return name, value
    if name in SWITCHES:
        if value not in ("true", "false"):
            raise InvalidInput.one(name, "bool_type")
        return name, value == "true"
    try:
        return name, float(value) if name in MEASURES else int(value)
    except ValueError:
        raise InvalidInput.one(name, "float_type" if name in MEASURES else "int_type") from None
