"""The words of an e-mail: news grouped by street and case, as text and as HTML, at most a screen of it."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import UUID

import jinja2

from geo_service.alerts import mail_map
from geo_service.alerts.news_summary import Alert, by_case
from geo_service.domain.conflicts import SEVERITIES
from geo_service.i18n import Translator
from geo_service.presentation.alerts import describe_alert

MOST_CASES = 12
"""About a screen."""
MOST_MAPS = 6
"""A mail program of a phone loads all of them."""
MOST_SUBJECT = 120


class _Unbroken(UnstructuredHeader, BaseHeader):
    """A header of one word that stays whole, however long: as encoded words (RFC 2047) an address is none, and no mail program finds it."""

    def fold(self, *, policy: Policy) -> str:
        """The header on one line."""
        return f"{self.name}: {self}{policy.linesep}"


def _policy() -> EmailPolicy[EmailMessage]:
    headers = HeaderRegistry()
    for name in ("list-id", "list-unsubscribe"):
        headers.map_to_type(name, _Unbroken)
    return SMTP.clone(header_factory=headers, cte_type="7bit")  # not every server takes 8 bits


POLICY = _policy()


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of news in words; `more` of the same kind follow it in its case."""

    title: str
    sentence: str
    url: str
    more: int


@dataclass(frozen=True, slots=True)
class Case:
    """What is new in one case."""

    street: str | None
    url: str | None
    severity: str
    lines: tuple[Line, ...]
    conflict_id: UUID | None = None
    """The conflict that its map shows."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Where e-mails come from: their address, the name beside it, and the address of the service for links."""

    address: str
    name: str
    base_url: str
    host: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """An e-mail beside its news: its id, whom it is for, of which kind it is, what its unsubscribe link holds, and the subscription's name."""

    id: object
    recipient: str
    kind: Literal["at_once", "digest"]
    token: str
    name: str | None = None


def cases(news: Sequence[Alert], translator: Translator, base_url: str) -> list[Case]:
    """The news by case, the worst case first; of one street together."""
    unsorted = [_case(members, translator, base_url) for members in by_case(news)]
    worst: dict[str | None, int] = {}
    for case in unsorted:
        worst[case.street] = max(worst.get(case.street, 0), SEVERITIES.index(case.severity))
    return sorted(
        unsorted, key=lambda case: (-worst[case.street], case.street or "", -SEVERITIES.index(case.severity))
    )


def compose(
    envelope: Envelope,
    cases: Sequence[Case],
    sender: Sender,
    translator: Translator,
    maps: Mapping[UUID, bytes],
) -> EmailMessage:
    """The message: subject, text and HTML, and the headers with which mail programs offer to unsubscribe (RFC 8058).

    `maps` are PNG images of conflicts by id; they travel with the message, so that showing it asks nothing of the service.
    """
    unsubscribe = f"{sender.base_url}/unsubscribe?{urlencode({'token': envelope.token})}"
    shown = list(cases[:MOST_CASES])
    values = {
        "city": sender.name,
        "language": translator.language,
        "t": translator.text,
        "kind": envelope.kind,
        "name": envelope.name,
        "streets": _by_street(shown),
        "left_out": len(cases) - len(shown),
        "list_url": f"{sender.base_url}/afstemming",
        "unsubscribe": unsubscribe,
        "maps": maps,
        "map_width": mail_map.WIDTH,
    }
    message = blank(sender, envelope.recipient, _subject(envelope, cases, translator))
    message["Message-ID"] = f"<{envelope.id}@{sender.host}>"
    message["List-Id"] = f"<alerts.{sender.host}>"
    message["List-Unsubscribe"] = f"<{unsubscribe}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    _fill(message, "alerts", values)
    *_, page = message.iter_parts()
    for case in shown:
        if case.conflict_id is not None and case.conflict_id in maps:
            name = f"{case.conflict_id}.png"
            page.add_related(
                maps[case.conflict_id], "image", "png", cid=f"<{name}>", filename=name, disposition="inline"
            )
    return message


def with_map(cases: Sequence[Case]) -> list[UUID]:
    """The conflicts whose map is worth its bytes: those of the first cases."""
    return [case.conflict_id for case in cases[:MOST_CASES] if case.conflict_id][:MOST_MAPS]


def compose_test(recipient: str, sender: Sender, translator: Translator, id_: object) -> EmailMessage:
    """A message that only says that e-mail works."""
    message = blank(sender, recipient, translator.text("mail.test.subject", city=sender.name))
    message["Message-ID"] = f"<{id_}@{sender.host}>"
    message.set_content(translator.text("mail.test.text", url=sender.base_url) + "\n")
    return message


def blank(sender: Sender, recipient: str, subject: str) -> EmailMessage:
    """Return an e-mail with the headers that all of ours share. The policy refuses line breaks in any header."""
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(sender.name, addr_spec=sender.address)
    message["To"] = recipient
    message["Subject"] = " ".join(subject.split())[:MOST_SUBJECT]
    message["Date"] = format_datetime(dt.datetime.now(dt.UTC))
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    return message


def _fill(message: EmailMessage, template: str, values: Mapping[str, Any]) -> None:
    environment = _environment()
    message.set_content(environment.get_template(f"{template}.txt").render(values))
    message.add_alternative(environment.get_template(f"{template}.html").render(values), subtype="html")


@functools.cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=jinja2.select_autoescape(("html",)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _subject(envelope: Envelope, cases: Sequence[Case], translator: Translator) -> str:
    lines = [line for case in cases for line in case.lines]
    count = sum(1 + line.more for line in lines)
    if count == 1:
        street = f" · {cases[0].street}" if cases[0].street else ""
        return lines[0].title + street
    streets = list(dict.fromkeys(case.street for case in cases if case.street))
    places = ", ".join(streets[:2]) + (" …" if len(streets) > 2 else "")
    subject = translator.text(f"mail.{envelope.kind}.subject", count=count)
    return f"{subject}: {places}" if places else subject


def _by_street(shown: Iterable[Case]) -> dict[str | None, list[Case]]:
    streets: dict[str | None, list[Case]] = {}
    for case in shown:
        streets.setdefault(case.street, []).append(case)
    return streets


def _case(members: Sequence[Alert], translator: Translator, base_url: str) -> Case:
    """One line for each kind of news: the worst of that kind in words, how many more there are."""
    by_type: dict[str, list[Alert]] = {}
    for alert in members:
        by_type.setdefault(alert["type"], []).append(alert)
    ranked = sorted(by_type.values(), key=lambda alerts: -max(map(_rank, alerts)))
    lines = tuple(_line(max(alerts, key=_rank), len(alerts) - 1, translator, base_url) for alerts in ranked)
    case_id = members[0]["case_id"]
    url = f"{base_url}/afstemming?{urlencode({'dossier': str(case_id)})}" if case_id else None
    street = next((alert["street"] for alert in members if alert["street"]), None)
    worst = max(members, key=_rank)
    conflict_id = next((alert["conflict_id"] for alert in (worst, *members) if alert["conflict_id"]), None)
    return Case(street, url, worst["severity"], lines, conflict_id)


def _line(alert: Alert, more: int, translator: Translator, base_url: str) -> Line:
    words = describe_alert(alert, translator)
    return Line(words.title, words.sentence, _link(alert, base_url), more)


def _link(alert: Alert, base_url: str) -> str:
    """Where the thing is open; whoever is signed out comes there after signing in."""
    if alert["conflict_id"]:
        return f"{base_url}/kaart?{urlencode({'kies': 'conflict:' + str(alert['conflict_id'])})}"
    if alert["repair_id"]:
        return f"{base_url}/kaart?{urlencode({'kies': 'herstelling:' + str(alert['repair_id'])})}"
    return f"{base_url}/kaart"


def _rank(alert: Alert) -> int:
    return SEVERITIES.index(alert["severity"])
