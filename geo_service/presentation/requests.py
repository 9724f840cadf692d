"""A request to a utility as the text of an e-mail, and as a condition of the permit."""

from __future__ import annotations

from geo_service.domain.period import ONE_DAY
from geo_service.i18n import Translator
from geo_service.store.listing import Row


def describe_request(row: Row, translator: Translator) -> dict[str, str]:
    """Return the `subject` and `mail_text` of the e-mail, and the `condition_text` of the permit."""
    params = {
        "owner": row["owner"],
        "source_id": row["source_id"],
        "from": row["starts_on"],
        "last": row["ends_on"] - ONE_DAY,
        "until": row["due_on"],
        "where": _where(row, translator),
        "width": _width(row, translator),
        "numbers": ", ".join(f"H-{number}" for number in row["repair_numbers"] or ()),
        "number": f"R-{row['number']}",
    }
    texts = {name: translator.text(f"request.{name}", **params) for name in ("subject", "mail", "condition")}
    return {
        "subject": texts["subject"],
        "mail_text": texts["mail"],
        "condition_text": texts["condition"],
    }


def _where(row: Row, translator: Translator) -> str:
    if row["street"] is None:
        return translator.text("request.nowhere", source_id=row["source_id"])
    houses = {name: str(row[name]) for name in ("number_from", "number_to")}
    form = "one" if row["number_from"] == row["number_to"] else "range"
    return f"{row['street']}, {translator.text(f'frontage.{form}', **houses)}"


def _width(row: Row, translator: Translator) -> str:
    if row["width_m"] is None:
        return translator.text("request.whole_width")
    return translator.text("request.part_width", distance_m=row["width_m"])
