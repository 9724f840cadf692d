"""`geo-service import works FILE` without a mapping: propose one, show what it would read, and save it if that is wanted."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Literal, cast

from rich.console import Group, RenderableType
from rich.syntax import Syntax
from rich.text import Text

from geo_service import db
from geo_service.cli import terminal
from geo_service.domain.errors import DatabaseUnreachable, InvalidInput
from geo_service.i18n import Translator
from geo_service.intake.assistant.proposal import Proposal, propose
from geo_service.intake.formats.raw_record import ReadOptions
from geo_service.settings import Settings

FOLDER = Path("data/mappings")
FIRST = ("owner", "days", "reported", "ground")
"""What a person recognises a row by; the rest is shown where there is room."""


def run(
    source: str,
    origin: str,
    config: Settings,
    save: Path | None,
    as_json: bool,
    *,
    wide: bool,
    known: ReadOptions | None = None,
) -> None:
    """Propose, show and save; nothing is imported. Without a terminal and without `save` nothing is written. `known` is what was said of how
    the file is built.
    """
    target = cast('Literal["works", "repairs"]', source)
    translator = terminal.translator(config)
    try:
        with db.read(db.create_engine_from(config)) as conn:
            found = propose(origin, target, config, conn, translator, known)
    except DatabaseUnreachable:
        found = propose(origin, target, config, translator=translator, known=known)
    terminal.show(asdict(found), as_json, lambda: _shown(found, translator, wide=wide))
    name = next(line.split('"')[1] for line in found.text.splitlines() if line.startswith("source = "))
    path = save or _asked(
        FOLDER / f"{name}.toml" if FOLDER.is_dir() else Path(f"{name}.toml"), translator, as_json
    )
    if path is None:
        return
    if not path.parent.is_dir():
        raise InvalidInput.one(
            "save", "no_folder", f"there is no folder {path.parent}", path=str(path.parent)
        )
    if path.exists():
        raise InvalidInput.one(
            "save", "exists", f"{path} is there already; nothing was written over it", path=str(path)
        )
    path.write_text(found.text, encoding="utf-8")
    command = f"geo-service import {source} {origin} --mapping {path}"
    terminal.tell(translator.text("assistant.saved", path=path, command=command), as_json=as_json)


def _asked(path: Path, translator: Translator, as_json: bool) -> Path | None:
    if as_json or not terminal.out.is_terminal:
        return None
    return path if terminal.agreed(translator.text("assistant.ask", path=path), translator) else None


def _worded(cells: dict[str, str], translator: Translator) -> dict[str, str]:
    """Codes in the reader's words."""
    return {
        name: translator.text(f"{name}.{cell}") if name in ("certainty", "category") else cell
        for name, cell in cells.items()
    }


def _shown(found: Proposal, translator: Translator, *, wide: bool) -> Group:
    """The mapping, the rows that would come in, and below them those that would not."""
    names = list(dict.fromkeys(name for row in found.rows for name in row.cells))
    read = [
        {
            "row": row.line or row.row,
            "id": row.id,
            **dict.fromkeys(names, ""),
            **_worded(row.cells, translator),
        }
        for row in found.rows
        if not row.refused
    ]
    refused = [
        {"row": row.line or row.row, "id": row.id, "message": row.refused}
        for row in found.rows
        if row.refused
    ]
    first = ("row", "id", *(name for name in FIRST if name in names))
    columns = (*first, *(name for name in names if name not in first))
    parts: list[RenderableType] = [Syntax(found.text, "toml", background_color="default", word_wrap=True)]
    for rows, shown, title in (
        (read, columns, "assistant.rows"),
        (refused, ("row", "id", "message"), "assistant.rows_left_out"),
    ):
        if rows:
            parts.append(Text(translator.text(title), style="italic"))
            parts.append(terminal.rows_table(rows, shown, wide=wide))
    return Group(*parts)
