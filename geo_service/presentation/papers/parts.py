"""Tables that more than one report has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from geo_service.domain.period import ONE_DAY
from geo_service.i18n import Translator
from geo_service.presentation import conflicts, places
from geo_service.presentation.papers.paper import Column, Kind, Table, Value
from geo_service.store.listing import Row
from geo_service.store.papers import Matter


def columns(translator: Translator, *wanted: tuple[str, Kind, int]) -> list[Column]:
    """The columns with these keys, kinds and widths (%)."""
    return [Column(translator.text(f"paper.col.{key}"), kind, width) for key, kind, width in wanted]


def table(
    name: str,
    heads: Sequence[Column],
    rows: Sequence[Sequence[Value]],
    translator: Translator,
    *,
    count: int | None = None,
    **figures: Any,
) -> Table:
    """The table `paper.<name>`; its title has `figures` and `n`, how many rows there are. With a `count` beyond these it says that they are
    the first.
    """
    n = len(rows) if count is None else count
    title = translator.text(f"paper.{name}", **{"n": n, **figures})
    if n > len(rows):
        title = f"{title} ({translator.text('paper.first', n=len(rows))})"
    return Table(title, translator.text(f"paper.sheet.{name}"), heads, rows)


def matters(
    name: str,
    rows: Sequence[Matter],
    translator: Translator,
    *,
    count: int,
    total_eur: float,
    numbered: bool = True,
) -> Table:
    """Cases as a table, `numbered` as on the sketch. All `count` of them add up to `total_eur`, a repair of several cases once."""
    heads = columns(
        translator,
        ("decide_by", "day", 10),
        ("place", "text", 18),
        ("who", "text", 16),
        ("why", "text", 34),
        ("conflicts", "text", 8),
        ("money", "money", 10),
    )
    body = [_matter(one, translator) for one in rows]
    if numbered:
        heads = [*columns(translator, ("number", "number", 4)), *heads]
        body = [[number, *row] for number, row in enumerate(body, start=1)]
    return table(name, heads, body, translator, count=count, total=total_eur)


def _matter(matter: Matter, translator: Translator) -> list[Value]:
    case = matter.case
    return [
        case["due_on"] or case["decide_by"],
        places.name(matter.place) or ", ".join(case["streets"]),
        ", ".join(case["owners"]),
        conflicts.sentence(matter.conflict, matter.works, translator, matter.parameters),
        _numbers(matter, translator),
        float(case["eur"]),
    ]


def owners(rows: Sequence[Row], translator: Translator) -> Table:
    """How each utility keeps its days and answers."""
    names = ("works", "silent", "cases", "requests", "waiting", "late", "answer_days")
    heads = [
        *columns(translator, ("owner", "text", 30)),
        *(Column(translator.text(f"paper.owner.{name}"), "number", 10) for name in names),
    ]
    body = [[row["owner"], *(row[name] for name in names)] for row in rows]
    return table("owners", heads, body, translator)


def avoided(rows: Sequence[Row], translator: Translator) -> Table:
    """What coordination has spared, each with the conflict that proves it."""
    heads = columns(
        translator, ("on", "day", 15), ("conflict", "text", 15), ("way", "text", 50), ("money", "money", 20)
    )
    body: list[list[Value]] = [
        [row["on"], row["number"], translator.text(f"paper.way.{row['way']}"), row["avoided_cost_eur"]]
        for row in rows
    ]
    total = sum(row["avoided_cost_eur"] for row in rows)
    return table("avoided", heads, body, translator, total=total)


def last_day(ends_on: date | None) -> date | None:
    """The last day of a half-open period."""
    return ends_on and ends_on - ONE_DAY


def _numbers(matter: Matter, translator: Translator) -> str:
    """ "C-12", or "C-12 en 3 andere"."""
    first, others = f"C-{matter.conflict['number']}", matter.case["conflicts"] - 1
    return translator.text("paper.and_others", first=first, n=others) if others else first
