"""`geo-service import works FILE` without a mapping: propose one, show what it would read, and save it if that is wanted."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Literal, cast

import typer
from rich.console import Group
from rich.syntax import Syntax
from rich.table import Table

from geo_service import db
from geo_service.cli import terminal
from geo_service.domain.errors import DatabaseUnreachable, InvalidInput
from geo_service.intake.assistant.propose import Proposal, propose
from geo_service.settings import Settings

FOLDER = Path("data/mappings")


def run(source: str, origin: str, config: Settings, save: Path | None, as_json: bool) -> None:
    """Propose, show and save; nothing is imported. Without a terminal and without `save` nothing is written."""
    target = cast('Literal["works", "repairs"]', source)
    try:
        with db.read(db.create_engine_from(config)) as conn:
            found = propose(origin, target, config, conn)
    except DatabaseUnreachable:
        found = propose(origin, target, config)
    terminal.show(asdict(found), as_json, lambda: _shown(found))
    name = next(line.split('"')[1] for line in found.text.splitlines() if line.startswith("source = "))
    path = save or _asked(FOLDER / f"{name}.toml" if FOLDER.is_dir() else Path(f"{name}.toml"), as_json)
    if path is None:
        return
    if path.exists():
        raise InvalidInput.one("save", "exists", f"{path} is there already; nothing was written over it")
    path.write_text(found.text, encoding="utf-8")
    terminal.err.print(
        f"{path} bewaard. Kijk elke regel na, en dan: geo-service import {source} {origin} --mapping {path}"
    )


def _asked(path: Path, as_json: bool) -> Path | None:
    if as_json or not terminal.out.is_terminal:
        return None
    return path if typer.confirm(f"Bewaren als {path}?", default=False) else None


def _shown(found: Proposal) -> Group:
    names = list(dict.fromkeys(name for row in found.rows for name in row.cells))
    table = Table("row", "id", *names, title="Zo zouden de eerste rijen gelezen worden")
    for row in found.rows:
        cells = [row.cells.get(name, "") for name in names]
        if row.refused and cells:
            cells[0] = row.refused
        table.add_row(str(row.row), row.id or "", *(cells if names else [row.refused or ""]))
    return Group(Syntax(found.text, "toml", background_color="default", word_wrap=True), table)
