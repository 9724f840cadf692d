"""Remarks about a source as a whole, beside its rejected rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geo_service.i18n import Translator

MOST_WORDS = 100
"""Words of one field that are named; a column of free text has as many as rows."""


@dataclass(frozen=True, slots=True)
class CutOff:
    """A source says itself that it shows only a part: by the member or header `says`, `shown` of `total` records where it counts them."""

    says: str
    shown: int | None = None
    total: int | None = None


@dataclass(slots=True)
class Remarks:
    """`counts` go to the log, all else into the report."""

    counts: dict[str, int] = dataclasses.field(default_factory=dict)
    missing_columns: list[str] = dataclasses.field(default_factory=list)
    """Columns that a mapping asks for, that the file does not have, and that its rows can do without."""
    unused_columns: list[str] = dataclasses.field(default_factory=list)
    """Columns of the file that its mapping does not name."""
    left_behind: dict[str, int | None] = dataclasses.field(default_factory=dict)
    """Layers and sheets that were not read, with their records where they are counted."""
    unknown_words: dict[str, dict[str, int]] = dataclasses.field(default_factory=dict)
    """Of each field the words that the mapping does not have, with the rows that were taken as the default for them."""
    cut_off: CutOff | None = None
    explained: set[str] = dataclasses.field(default_factory=set)
    """The fields of which the mapping knows most words of this file: a word of them that it does not know is new, not another vocabulary."""

    def add(self, what: str) -> None:
        """One more of `what`."""
        self.counts[what] = self.counts.get(what, 0) + 1

    def unknown(self, field: str, word: str) -> None:
        """One more row with a word that nobody explained."""
        words = self.unknown_words.setdefault(field, {})
        name = word if word in words or len(words) < MOST_WORDS else "…"
        words[name] = words.get(name, 0) + 1

    def cut(self, says: str, shown: int | None = None, total: int | None = None) -> None:
        """The source says that it shows only a part; the first sign of it counts."""
        self.cut_off = self.cut_off or CutOff(says, shown, total)

    @classmethod
    def together(cls, some: Iterable[Remarks]) -> Remarks:
        """Those of the maps of one delivery, of which columns are no news; the first that is cut off counts."""
        remarks = cls()
        for one in some:
            remarks.cut_off = remarks.cut_off or one.cut_off
        return remarks

    def as_json(self) -> dict[str, Any]:
        """As the report keeps them: what there is of it."""
        names = ("missing_columns", "unused_columns", "left_behind", "unknown_words")
        summary = {name: getattr(self, name) for name in names if getattr(self, name)}
        return {**summary, "cut_off": dataclasses.asdict(self.cut_off)} if self.cut_off else summary


def sentences(summary: Mapping[str, Any], translator: Translator) -> list[str]:
    """What a report keeps of the remarks, for people."""
    lines = []
    if (cut := summary.get("cut_off")) and cut["total"] is not None:
        lines.append(translator.text("import.cut_off_counted", **cut))
    elif cut:
        lines.append(translator.text("import.cut_off", says=cut["says"]))
    for field, words in summary.get("unknown_words", {}).items():
        names = ", ".join(f"{word} ({rows})" for word, rows in words.items())
        lines.append(translator.text(f"import.unknown_{field}", words=names, rows=sum(words.values())))
    for name in ("missing_columns", "unused_columns"):
        if columns := summary.get(name):
            lines.append(translator.text(f"import.{name}", columns=", ".join(columns)))
    if layers := summary.get("left_behind"):
        names = ", ".join(name if rows is None else f"{name} ({rows})" for name, rows in layers.items())
        lines.append(translator.text("import.left_behind", layers=names))
    return lines
