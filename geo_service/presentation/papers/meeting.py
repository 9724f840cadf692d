"""The agenda of the monthly meeting with the utilities: what must be decided, before when."""

from __future__ import annotations

from collections.abc import Sequence

from geo_service.i18n import Translator
from geo_service.presentation import sources
from geo_service.presentation.papers import parts, sketch
from geo_service.presentation.papers.paper import Paper, Table, background_lines
from geo_service.store.listing import Row
from geo_service.store.papers import Meeting


def paper(meeting: Meeting, translator: Translator) -> Paper:
    """Word the agenda."""
    stake, chances = meeting.at_stake, meeting.of_chances
    return Paper(
        translator.text("paper.meeting.title", day=translator.day(meeting.background.on)),
        [translator.text("paper.meeting.lead"), *background_lines(meeting.background, translator)],
        sketch.svg(meeting.sketch, meeting.matters, translator),
        [
            parts.matters(
                "matters",
                meeting.matters,
                translator,
                count=stake["cases"],
                total_eur=stake["at_risk_eur"],
            ),
            parts.matters(
                "chances",
                meeting.chances,
                translator,
                count=chances["cases"],
                total_eur=chances["saving_eur"],
                numbered=False,
            ),
            _requests(meeting.requests, meeting.waiting, translator),
            _silent(meeting.silent, translator),
            parts.owners(meeting.owners, translator),
        ],
    )


def _requests(rows: Sequence[Row], count: int, translator: Translator) -> Table:
    heads = parts.columns(
        translator,
        ("due_on", "day", 14),
        ("owner", "text", 22),
        ("works", "text", 22),
        ("repairs", "text", 24),
        ("state", "text", 18),
    )
    body = [
        [
            row["due_on"],
            row["owner"],
            f"{sources.label(row['source'])} {row['source_id']}",
            ", ".join(f"H-{number}" for number in row["repair_numbers"] or ()),
            translator.text(f"request_state.{row['state']}"),
        ]
        for row in rows
    ]
    return parts.table("requests", heads, body, translator, count=count)


def _silent(rows: Sequence[Row], translator: Translator) -> Table:
    heads = parts.columns(
        translator,
        ("owner", "text", 20),
        ("works", "text", 16),
        ("what", "text", 30),
        ("starts_on", "day", 12),
        ("last_day", "day", 12),
        ("silent_days", "number", 10),
    )
    body = [
        [
            row["owner"],
            f"{sources.label(row['source'])} {row['source_id']}",
            row["title"],
            row["starts_on"],
            parts.last_day(row["ends_on"]),
            row["days"],
        ]
        for row in rows
    ]
    return parts.table("silent", heads, body, translator, count=rows[0]["total"] if rows else 0)
