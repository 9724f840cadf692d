"""Works, holds and agreements as a calendar (iCalendar, RFC 5545), for a reader of a private address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import icalendar
import sqlalchemy as sa

from geo_service import db
from geo_service.domain.text import one_line
from geo_service.i18n import Translator
from geo_service.presentation import conflicts
from geo_service.store.feed_links import Reader

PACKAGE = "geo_service.alerts"
PAST = timedelta(days=60)
"""How long what is over stays, and what was deleted, released or broken, as cancelled."""
AHEAD = timedelta(days=400)
MOST_EVENTS = 2000
REFRESH = timedelta(hours=1)
SELECTION = {"works": "werk", "hold": "herstelling", "agreement": "conflict"}


def works_calendar(
    conn: sa.Connection,
    reader: Reader,
    translator: Translator,
    base_url: str,
    time_zone: str,
    most: int = MOST_EVENTS,
) -> bytes:
    """The calendar; one with more than `most` events says that it has only those. Days are whole days: the last one is the day before DTEND, as
    in our half-open periods.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//geo_service//works//NL")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for key in ("name", "x-wr-calname"):
        calendar.add(key, icalendar.vText(one_line(reader.name)))
    calendar.add("x-wr-timezone", time_zone)
    calendar.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
    today = translator.today
    calendar.add_component(
        icalendar.Timezone.from_tzid(time_zone, first_date=today - 2 * PAST, last_date=today + 2 * AHEAD)
    )
    host = urlsplit(base_url).hostname
    rows = events(conn, reader, today, most + 1)
    if len(rows) > most:
        note = icalendar.vText(translator.text("calendar.cut", most=most))
        for key in ("description", "x-wr-caldesc"):
            calendar.add(key, note)
    for row in rows[:most]:
        calendar.add_component(_event(row, translator, base_url, host or "localhost"))
    body: bytes = calendar.to_ical()
    return body


def events(conn: sa.Connection, reader: Reader, today: date, most: int) -> list[dict[str, Any]]:
    """At most so many rows of the calendar: two months back, thirteen ahead; first what runs and what comes next."""
    area = reader.filter.get("area")
    return db.fetch(
        conn,
        PACKAGE,
        "calendar_events",
        party=reader.party,
        owners=reader.filter.get("owners"),
        departments=reader.filter.get("departments"),
        area=area and json.dumps(area),
        today=today,
        since=today - PAST,
        until=today + AHEAD,
        most=most,
    )


def _event(row: Mapping[str, Any], translator: Translator, base_url: str, host: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{row['kind']}-{row['id']}@{host}")
    event.add("sequence", row["version"] - 1)
    event.add("dtstamp", row["updated_at"])
    event.add("last-modified", row["updated_at"])
    event.add("dtstart", row["starts_on"])
    event.add("dtend", row["ends_on"])
    event.add("summary", one_line(_summary(row, translator)))
    event.add("status", _status(row))
    event.add("transp", "TRANSPARENT")
    event.add("url", f"{base_url}/kaart?{urlencode({'kies': SELECTION[row['kind']] + ':' + str(row['id'])})}")
    if row["street"]:
        event.add("location", one_line(row["street"]))
    if row["lat"] is not None:
        event.add("geo", (round(row["lat"], 6), round(row["lon"], 6)))
    if row["certainty"]:
        event.add("description", translator.text(f"certainty.{row['certainty']}"))
    return event


def _status(row: Mapping[str, Any]) -> str:
    if row["cancelled"]:
        return "CANCELLED"
    return "TENTATIVE" if row["certainty"] == "indicative" else "CONFIRMED"


def _summary(row: Mapping[str, Any], translator: Translator) -> str:
    if row["kind"] == "works":
        return " ".join(part for part in (f"{row['owner']}:", row["title"] or row["source_id"]) if part)
    if row["kind"] == "hold":
        return translator.text("calendar.hold", number=f"H-{row['number']}")
    title = conflicts.title(row["number"], row["rule"], translator)
    kind = translator.text(f"agreement.{row['agreement']}")
    return translator.text("calendar.agreement", kind=kind, conflict=title)
