"""The failure of an import: one sentence for everybody, and the details for roles that may import."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from geo_service.i18n import Translator


def reason(report: Mapping[str, Any], translator: Translator) -> str:
    """The reason in the reader's language, with counts only: no file name, no address, no text of a record."""
    first = next(iter(report.get("errors", ())), None) or {"code": report.get("error"), "params": {}}
    code = str(first["code"])
    counts = {name: value for name, value in first["params"].items() if isinstance(value, int)}
    # crs_missing, crs_differs: what is wrong is of one kind, and the kind has a sentence
    for name in (code, code.partition("_")[0], report.get("error")):
        with suppress(KeyError):  # no such sentence, or not its figures
            return translator.text(f"failed.{name}", **counts)
    return translator.text("failed.internal_error")


def detail(report: Mapping[str, Any], translator: Translator) -> str | None:
    """The details in the reader's language; None when only the code is stored."""
    wrong = [
        f"{one['field']}: {translator.rejection(one['code'], one['message'], one['params'])}"
        for one in report.get("errors", ())
    ]
    if "reason" in report:
        return translator.rejection(report["reason"], report["message"], report["params"])
    return "; ".join(wrong) or report.get("message")
