"""The rejected rows of an import, as JSON and for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from geo_service import db
from geo_service.api.context import Context
from geo_service.i18n import Translator
from geo_service.presentation.spreadsheets import BYTE_ORDER_MARK, harmless_row
from geo_service.store import imports
from geo_service.store.listing import Row

CSV_COLUMNS = ("row", "id", "code", "field", "message")
CSV_ROWS = 1000


def serialize(row: Row, translator: Translator) -> dict[str, Any]:
    """One row, with its reason in the reader's language."""
    id_, code, field = row["record_id"], row["code"], row["field"]
    message = translator.row_rejection(code, row["message"], row["params"], row["line"])
    return {"row": row["row"], "id": id_, "code": code, "field": field, "message": message}


def _in_sheet(row: Row, translator: Translator) -> dict[str, Any]:
    """The same with the row number of the file."""
    why = translator.rejection(row["code"], row["message"], row["params"])
    return {
        **serialize(row, translator),
        "row": row["line"] or row["row"],
        "field": translator.field(row["field"]),
        "message": why,
    }


def as_csv(ctx: Context, import_id: UUID, translator: Translator) -> Iterator[str]:
    """All rows, in pieces."""
    delimiter = translator.text("import.csv.delimiter")
    yield (
        BYTE_ORDER_MARK
        + delimiter.join(translator.text(f"import.csv.{name}") for name in CSV_COLUMNS)
        + "\r\n"
    )
    after = 0
    while True:
        with db.read(ctx.read_engine) as conn:
            rows = imports.rejected(conn, import_id, after=after, limit=CSV_ROWS)
        if not rows:
            return
        lines = io.StringIO()
        csv.DictWriter(lines, CSV_COLUMNS, delimiter=delimiter).writerows(
            harmless_row(_in_sheet(row, translator)) for row in rows
        )
        yield lines.getvalue()
        after = rows[-1]["row"]
