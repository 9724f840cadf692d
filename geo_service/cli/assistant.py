"""`geo-service import works FILE` without a mapping: propose one, preview its rows, and save it on request."""

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
"""The cells by which a person recognises a row; the others are shown where there is room."""


def run(
    source: str,
    origin: str,
    config: Settings,
    save: Path | None,
    as_json: bool,
    *,
    wide: bool,
    read_options: ReadOptions | None = None,
) -> None:
    """Propose a mapping, show it, and save it; nothing is imported. Without a terminal and without `save`
    nothing is written. `read_options` are those that the user named.
    """
    target = cast('Literal["works", "repairs"]', source)
    translator = terminal.translator(config)
    try:
        with db.read(db.create_engine_from(config)) as conn:
            proposal = propose(origin, target, config, conn, translator, read_options)
    except DatabaseUnreachable:
        proposal = propose(origin, target, config, translator=translator, options=read_options)
    terminal.show(asdict(proposal), as_json, lambda: _layout(proposal, translator, wide=wide))
    name = next(line.split('"')[1] for line in proposal.text.splitlines() if line.startswith("source = "))
    path = save or _confirm_path(
        FOLDER / f"{name}.toml" if FOLDER.is_dir() else Path(f"{name}.toml"), translator, as_json
    )
    if path is None:
        return
    if not path.parent.is_dir():
        raise InvalidInput.one("save", "no_folder", path=str(path.parent))
    if path.exists():
        raise InvalidInput.one("save", "exists", path=str(path))
    path.write_text(proposal.text, encoding="utf-8")
    command = f"geo-service import {source} {origin} --mapping {path}"
    terminal.tell(translator.text("assistant.saved", path=path, command=command), as_json=as_json)


def _confirm_path(path: Path, translator: Translator, as_json: bool) -> Path | None:
    if as_json or not terminal.out.is_terminal:
        return None
    return path if terminal.confirm(translator.text("assistant.ask", path=path), translator) else None


def _cells_in_words(cells: dict[str, str], translator: Translator) -> dict[str, str]:
    """The cells with codes in the reader's language."""
    return {
        name: translator.text(f"{name}.{cell}") if name in ("certainty", "category") else cell
        for name, cell in cells.items()
    }


def _layout(proposal: Proposal, translator: Translator, *, wide: bool) -> Group:
    """The mapping, a preview of its rows, and the rejected rows below."""
    names = list(dict.fromkeys(name for row in proposal.rows for name in row.cells))
    read = [
        {
            "row": row.line or row.row,
            "id": row.id,
            **dict.fromkeys(names, ""),
            **_cells_in_words(row.cells, translator),
        }
        for row in proposal.rows
        if not row.refused
    ]
    rejections = [
        {"row": row.line or row.row, "id": row.id, "message": row.refused}
        for row in proposal.rows
        if row.refused
    ]
    first = ("row", "id", *(name for name in FIRST if name in names))
    columns = (*first, *(name for name in names if name not in first))
    parts: list[RenderableType] = [Syntax(proposal.text, "toml", background_color="default", word_wrap=True)]
    for rows, cell_names, title in (
        (read, columns, "assistant.rows"),
        (rejections, ("row", "id", "message"), "assistant.rows_left_out"),
    ):
        if rows:
            parts.append(Text(translator.text(title), style="italic"))
            parts.append(terminal.rows_table(rows, cell_names, wide=wide))
    return Group(*parts)
