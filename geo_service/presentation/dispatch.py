"""The day list on paper: A4, black on white, to take into the van."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from geo_service import pdf
from geo_service.domain.dispatch import DayList, Stop, Tour
from geo_service.i18n import Translator
from geo_service.presentation import places, verdicts
from geo_service.presentation.advice import describe_advice

BOX = "☐"
WIDTHS = (6, 27, 21, 31, 15)
STYLE = """
@page { margin: 15mm 14mm }
.order { font-weight: bold; border: 0.3mm solid #111; padding: 0.3mm 1.2mm; white-space: nowrap }
.order.not { border-width: 0.9mm }
.order.make_safe, .order.recover { border-style: dashed }
.stop { font-size: 15pt; font-weight: bold }
"""


def file_name(days: DayList, translator: Translator) -> str:
    """The name of the file: `daglijst-2026-11-23.pdf`."""
    return f"{translator.text('day_list.file')}-{days.on}.pdf"


def document(days: DayList, translator: Translator) -> bytes:
    """Return the day list as a PDF: what changed since yesterday, danger without a day, then the stops of each crew in driving order, then what is
    not done."""
    title = translator.text("day_list.title", day=translator.day(days.on))
    changed = [stop for stop in days.stops if stop.change]
    parts = [_head(days, translator), _changes(changed, translator)]
    if days.dangers:
        title_of_dangers = escape(translator.text("day_list.danger"))
        parts.append(f"<h2>{title_of_dangers}</h2>{_table(days.dangers, translator)}")
    parts += [_tour(tour, translator) for tour in days.tours]
    if not days.stops:
        parts.append(f"<p>{escape(translator.text('day_list.empty'))}</p>")
    return pdf.render(translator.language, title, "".join(parts), STYLE)


def _head(days: DayList, translator: Translator) -> str:
    """When it was printed, how old the facts behind it are, and how the way was measured."""
    zone = ZoneInfo(days.time_zone)
    at = days.computed_at.astimezone(zone)
    lines = [translator.text("day_list.checked", day=translator.day(at.date()), time=f"{at:%H:%M}")]
    if days.data_at is None:
        lines.append(translator.text("day_list.no_feed"))
    else:
        of = days.data_at.astimezone(zone)
        lines.append(translator.text("day_list.data", day=translator.day(of.date()), time=f"{of:%H:%M}"))
    lines.append(translator.text("day_list.distance", factor=translator.number(days.drive_factor, 1)))
    return f'<p class="small">{escape(" ".join(lines))}</p>'


def _changes(stops: Sequence[Stop], translator: Translator) -> str:
    if not stops:
        return f"<p>{escape(translator.text('day_list.unchanged'))}</p>"
    lines = "".join(f"<li>{_change(stop, translator)}</li>" for stop in stops)
    return f"<h2>{escape(translator.text('day_list.changed'))}</h2><ul>{lines}</ul>"


def _change(stop: Stop, translator: Translator) -> str:
    before = ((stop.change or {}).get("data") or {}).get("previous") or {}
    new = verdicts.title(stop.advice, translator)
    old = before.get("verdict") and translator.text(f"day_list.verdict.{before['verdict']}")
    was = f"<s>{escape(old)}</s> → " if old else ""
    return f"<b>{escape(_name(stop))}</b>: {was}{escape(new)}"


def _tour(tour: Tour, translator: Translator) -> str:
    away = [stop for stop in tour.stops if stop.number is not None]
    left = [stop for stop in tour.stops if stop.number is None]
    name = tour.team.name if tour.team else translator.text("day_list.no_team")
    facts = {"stops": len(away), "km": translator.number(tour.drive_m / 1000, 1)}
    head = f"{name} · {translator.text('day_list.tour', **facts)}"
    parts = [f"<h2>{escape(head)}</h2>"]
    if away:
        parts.append(_table(away, translator))
    if left:
        title = f"{name} · {translator.text('day_list.left')}"
        parts.append(f"<h2>{escape(title)}</h2>{_table(left, translator)}")
    return "".join(parts)


def _table(stops: Sequence[Stop], translator: Translator) -> str:
    heads = [translator.text(f"day_list.{name}") for name in ("stop", "where", "what", "why", "done")]
    return pdf.grid(heads, (_row(stop, translator) for stop in stops), WIDTHS)


def _row(stop: Stop, translator: Translator) -> tuple[str, ...]:
    advice = describe_advice(stop.advice, translator)
    number = "–" if stop.number is None else str(stop.number)
    return (
        f'<span class="stop">{number}</span>',
        _where(stop, translator),
        _what(stop, advice, translator),
        _why(advice, translator),
        _done(stop, translator),
    )


def _where(stop: Stop, translator: Translator) -> str:
    repair = stop.repair
    defect = translator.text(
        "day_list.defect",
        category=translator.text(f"category.{repair['category']}"),
        scope=translator.text(f"scope.{repair['scope']}").lower(),
    )
    urgent = repair["urgency"] == "danger" and translator.text("urgency.danger")
    drive = stop.drive_m and translator.text("day_list.drive", km=translator.number(stop.drive_m / 1000, 1))
    lines = [defect, repair["description"], urgent, drive]
    text = "<br>".join(escape(str(line)) for line in lines if line)
    return f"<b>{escape(_name(stop))}</b><br>{text}"


def _what(stop: Stop, advice: Mapping[str, Any], translator: Translator) -> str:
    label = translator.text(f"dispatch.{stop.instruction}")
    until = advice["until"] and translator.text("day_list.until", day=translator.day(advice["until"]))
    lines = "<br>".join(escape(str(line)) for line in (advice["title"], until) if line)
    return f'<span class="order {stop.instruction}">{escape(label)}</span><br>{lines}'


def _why(advice: Mapping[str, Any], translator: Translator) -> str:
    contacts = [f"{one['organisation']} ({one['works_source_id']})" for one in advice["contacts"]]
    call = contacts and translator.text("day_list.call", who=", ".join(contacts))
    return "<br>".join(escape(line) for line in (advice["sentence"], call) if line)


def _done(stop: Stop, translator: Translator) -> str:
    if stop.instruction == "not":
        return ""
    boxes = (translator.text("day_list.ready"), translator.text("day_list.photo"))
    return "<br>".join(f"{BOX} {escape(name)}" for name in boxes)


def _name(stop: Stop) -> str:
    """The place, and the number of the repair."""
    return " · ".join(filter(None, (places.name(stop.place), f"H-{stop.repair['number']}")))
