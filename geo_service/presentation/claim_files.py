"""A claim on a guarantee as a document."""

from __future__ import annotations

from datetime import date
from html import escape

from geo_service import pdf
from geo_service.i18n import Translator
from geo_service.store.listing import Row


def document(row: Row, translator: Translator) -> bytes:
    """Return the claim as a PDF, for finance to send."""
    facts = row["facts"]
    values = {
        "owner": facts["owner"],
        "works": f"{facts['source']} {facts['source_id']}",
        "reinstated": _day(facts["reinstated_on"], translator),
        "guaranteed": _day(facts["guaranteed_until"], translator),
        "defect": f"H-{facts['repair_number']}, C-{facts['number']}",
        "reported": _day(facts["reported_at"], translator),
        "distance": f"{translator.number(facts['distance_m'], 1)} m",
        "place": f"{facts['lat']:.6f}, {facts['lon']:.6f}",
        "photos": str(facts["photos"]),
        "amount": f"€ {translator.number(row['amount_eur'], 2)}",
    }
    if row["follows_number"] is not None:
        values["follows"] = f"V-{row['follows_number']}"
    rows = [(translator.text(f"claim_file.{name}"), value) for name, value in values.items()]
    title = translator.text("claim_file.title", number=f"V-{row['number']}")
    lead = f"<p>{escape(translator.text('claim_file.lead', owner=facts['owner']))}</p>"
    note = f"<p>{escape(row['note'])}</p>" if row["note"] else ""
    return pdf.render(translator.language, title, lead + pdf.table(rows) + note)


def _day(text: str | None, translator: Translator) -> str:
    return "–" if text is None else translator.day(date.fromisoformat(text[:10]))
