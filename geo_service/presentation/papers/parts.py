"""Tables that more than one report has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from geo_service.i18n import Translator
from geo_service.presentation import conflicts, places
from geo_service.presentation.papers.paper import Column, Kind, Table, Value
from geo_service.store.listing import Row
from geo_service.store.papers import Matter

ONE_DAY = timedelta(days=1)
NUMBER: tuple[tuple[str, Kind, int], ...] = (("number", "number", 4),)


def columns(translator: Translator, *wanted: tuple[str, Kind, int]) -> list[Column]:
    """The columns with these keys, kinds and widths (%)."""
    return [Column(translator.text(f"paper.col.{key}"), kind, width) for key, kind, width in wanted]


def matters(
    rows: Sequence[Matter],
    name: str,
    of_all: tuple[int, float],
    translator: Translator,
    *,
    numbered: bool = True,
) -> Table:
    """Cases as a table, numbered as on the sketch where that has them. `of_all`: how many there are and what they add up to (a repair of several
    cases once), also where these are only the first.
    """
    heads = columns(
        translator,
        *NUMBER[:numbered],
        ("decide_by", "day", 10),
        ("place", "text", 18),
        ("who", "text", 16),
        ("why", "text", 34),
        ("conflicts", "text", 8),
        ("money", "money", 10),
    )
    body: list[list[Value]] = [
        [
            *[number][:numbered],
            one.case["due_on"] or one.case["decide_by"],
            places.name(one.place) or ", ".join(one.case["streets"]),
            ", ".join(one.case["owners"] or ()),
            conflicts.sentence(one.conflict, one.works, translator),
            _numbers(one, translator),
            float(one.case["eur"]),
        ]
        for number, one in enumerate(rows, start=1)
    ]
    count, total = of_all
    title = first_of(translator.text(f"paper.{name}", n=count, total=total), len(rows), count, translator)
    return Table(title, translator.text(f"paper.sheet.{name}"), heads, body)


def owners(rows: Sequence[Row], translator: Translator) -> Table:
    """How each utility keeps its days and answers."""
    names = ("works", "silent", "conflicts", "requests", "waiting", "late", "answer_days")
    heads = [
        *columns(translator, ("owner", "text", 30)),
        *(Column(translator.text(f"paper.owner.{name}"), "number", 10) for name in names),
    ]
    body = [[row["owner"], *(row[name] for name in names)] for row in rows]
    return Table(translator.text("paper.owners"), translator.text("paper.sheet.owners"), heads, body)


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
    title = translator.text("paper.avoided", n=len(rows), total=total)
    return Table(title, translator.text("paper.sheet.avoided"), heads, body)


def first_of(title: str, shown: int, count: int, translator: Translator) -> str:
    """The title, and that these are only the first of so many."""
    return title if shown >= count else f"{title} ({translator.text('paper.first', n=shown)})"


def last_day(ends_on: date | None) -> date | None:
    """The last day of a half-open period."""
    return ends_on and ends_on - ONE_DAY


def _numbers(matter: Matter, translator: Translator) -> str:
    """ "C-12", or "C-12 en 3 andere"."""
    first, others = f"C-{matter.conflict['number']}", matter.case["conflicts"] - 1
    return translator.text("paper.and_others", first=first, n=others) if others else first
