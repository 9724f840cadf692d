"""A case with everything that was done about it, as a document for the college or a claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from geo_service import pdf
from geo_service.i18n import Translator


def document(case: Mapping[str, Any], translator: Translator) -> bytes:
    """Return the case as a PDF; `case` is the export as JSON: the case, its conflicts in `items`, the trail of each in `events`."""
    title = translator.text("case_export.title", numbers=_numbers(case["items"]))
    facts = [
        (translator.text("case_export.owners"), ", ".join(case["owners"])),
        (
            translator.text("case_export.rules"),
            ", ".join(translator.text(f"rule.{one}") for one in case["rules"]),
        ),
        (translator.text("case_export.money"), translator.money(case["eur"])),
        (translator.text("case_export.decide_by"), translator.day(case["decide_by"])),
    ]
    parts = [pdf.table(facts), *(_conflict(one, translator) for one in case["items"])]
    return pdf.render(translator.language, title, "".join(parts))


def _numbers(items: Sequence[Mapping[str, Any]]) -> str:
    numbers = [str(one["number"]) for one in items]
    return ", ".join(numbers[:5]) + (" …" if len(numbers) > 5 else "")


def _conflict(conflict: Mapping[str, Any], translator: Translator) -> str:
    status = translator.text(f"status.{conflict['status']}")
    head = f"{conflict['number']} · {translator.text('rule.' + conflict['rule'])} · {status}"
    rows = [
        (_moment(event["at"], translator), f"{event['actor']}: {_step(event)}")
        for event in conflict["events"]
    ]
    return f"<h3>{escape(head)}</h3>{pdf.table(rows)}"


def _step(event: Mapping[str, Any]) -> str:
    details = event["details"]
    words = [str(details[name]) for name in ("note", "reason", "text", "exception") if details.get(name)]
    enclosures = [f"{one['number']} ({one['kind']})" for one in details.get("attachments", ())]
    return " – ".join([event["kind"], *words, *enclosures])


def _moment(at: datetime, translator: Translator) -> str:
    return f"{translator.day(at.date())} {at:%H:%M} UTC"
