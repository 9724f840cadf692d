"""E-mails to citizens about a street: the question whether they want them, and what is new since they last heard, in the words of its page."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog

from geo_service import db
from geo_service.alerts import jobs, letter, mailing, smtp
from geo_service.alerts.mailing import Post
from geo_service.alerts.webhook import DeliveryFailure
from geo_service.domain.period import ONE_DAY
from geo_service.i18n import Translator
from geo_service.presentation.street import Plan, happening, plan_of
from geo_service.settings import Settings, today
from geo_service.store import agenda, street_letters
from geo_service.store.street_letters import StreetReader
from geo_service.vault import Vault

PAGE = "/mijn-straat"
ASK = f"{PAGE}/mail"
CHOICE = f"{PAGE}/mail/keuze"
"""Where citizens ask for e-mails, and where the links in them lead."""
Heard = Mapping[str, Mapping[str, Any]]
"""By works or repair: its days and what it is (`state`), the titles of its entries, and its last day."""

log = structlog.get_logger()


def heard_of(plan: Plan) -> dict[str, dict[str, Any]]:
    """Return what somebody knows who has read this plan."""
    knowledge: dict[str, dict[str, Any]] = defaultdict(lambda: {"state": [], "titles": [], "last_on": ""})
    for entry, words in zip(plan.agenda.entries, plan.words, strict=True):
        one = knowledge[f"{entry.kind}:{entry.row['id']}"]
        one["state"].append(f"{entry.starts_on}/{entry.ends_on} {happening(entry)}")
        one["titles"].append(words.title)
        one["last_on"] = max(one["last_on"], (entry.ends_on - ONE_DAY).isoformat())
    return dict(knowledge)


def news(plan: Plan, heard: Heard, translator: Translator) -> list[str]:
    """Return what the plan says and the reader does not know: new, changed, and what does not go on before its last day."""
    now = heard_of(plan)
    return [*_new(plan, now, heard, translator), *_gone(now, heard, translator)]


def _new(plan: Plan, now: Heard, heard: Heard, translator: Translator) -> Iterator[str]:
    for key, one in now.items():
        before = heard.get(key)
        if before and before["state"] == one["state"]:
            continue
        own = [
            words
            for entry, words in zip(plan.agenda.entries, plan.words, strict=True)
            if f"{entry.kind}:{entry.row['id']}" == key
        ]
        yield "\n".join(
            [
                translator.text(f"street_letter.mail.{'changed' if before else 'new'}"),
                *(line for words in own for line in (words.title, words.place, *words.effects) if line),
                *(
                    translator.text("street_letter.mail.before", title=title)
                    for title in (before["titles"] if before else ())
                ),
            ]
        )


def _gone(now: Heard, heard: Heard, translator: Translator) -> Iterator[str]:
    today_ = translator.today.isoformat()
    for key, one in heard.items():
        if key not in now and one["last_on"] >= today_:
            yield "\n".join([translator.text("street_letter.mail.gone"), *one["titles"]])


def sweep(engine: sa.Engine, settings: Settings, now: dt.datetime) -> int:
    """Queue, once a day, a look at the street of each reader; return for how many."""
    if now.astimezone(ZoneInfo(settings.timezone)).time() < settings.digest_at:
        return 0
    with db.write(engine) as conn:
        due = street_letters.take_due(conn, today(settings, now))
        jobs.queue_street_letters(conn, due)
    return len(due)


def send(engine: sa.Engine, vault: Vault, post: Post, letter_id: UUID, attempts: int) -> smtp.Answer | None:
    """Send a reader the question whether it wants e-mails, or its news; None when there is nothing to send. An address that is refused is erased.

    Raises DeliveryFailure when another attempt follows.
    """
    with db.read(engine) as conn:
        reader = street_letters.get(conn, vault, letter_id)
        if reader is None:
            return None
        translator = Translator(reader.language, today(post.settings))
        plan = plan_of(
            agenda.of_street(conn, reader.street, "", translator.today),
            post.settings.city_organisation,
            translator,
        )
    lines = news(plan, reader.heard, translator) if reader.is_confirmed else []
    if reader.is_confirmed and not lines:
        return None
    answer = smtp.send(post.relay, _compose(reader, lines, post.sender, translator), reader.address)
    with db.write(engine) as conn:
        if answer.outcome == "refused":
            street_letters.end(conn, letter_id)
        elif answer.outcome == "sent" and reader.is_confirmed:
            street_letters.keep_heard(conn, letter_id, heard_of(plan))
    if answer.outcome == "later":
        wait_s = mailing.retry_wait(attempts + 1)
        if wait_s is not None:
            raise DeliveryFailure(wait_s)
        log.error("a letter about a street was given up", letter_id=str(letter_id))
    return answer


def _compose(
    reader: StreetReader, lines: Sequence[str], sender: letter.Sender, translator: Translator
) -> EmailMessage:
    """The question without `lines`, the news with them."""
    url = f"{sender.base_url}{CHOICE}?{urlencode({'token': reader.token, 'taal': reader.language})}"
    kind = "news" if lines else "ask"
    subject = translator.text(f"street_letter.mail.{kind}.subject", street=reader.street)
    message = letter.blank(sender, reader.address, subject)
    if not lines:
        message.set_content(
            translator.text("street_letter.mail.ask.text", street=reader.street, url=url) + "\n"
        )
        return message
    page = f"{sender.base_url}{PAGE}?{urlencode({'adres': reader.street, 'taal': reader.language})}"
    foot = translator.text("street_letter.mail.foot", page=page, url=url)
    message["List-Id"] = f"<street.{sender.host}>"
    message["List-Unsubscribe"] = f"<{url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("\n\n".join([*lines, foot]) + "\n")
    return message
