"""Send e-mails: at once, in the morning, and as a test. No call to the mail server happens inside a transaction."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog

from geo_service import db, i18n, working_days
from geo_service.alerts import letter, mail_map, mail_queue, smtp
from geo_service.alerts.news_summary import sum_up
from geo_service.alerts.webhook import DeliveryDeferred, DeliveryFailure
from geo_service.domain import mail as mail_words
from geo_service.domain.errors import GeoServiceError, InvalidInput
from geo_service.settings import Settings, today
from geo_service.store import partners

# Before the second attempt, the third … (s): greylists let in after minutes, a server that is down
# from Friday noon to Monday may take the weekend: 88 h, 70 h when chance makes each wait its shortest.
WAITS_S = (60, 5 * 60, 15 * 60, 30 * 60, 3600, 2 * 3600, 4 * 3600, 8 * 3600, 12 * 3600, 24 * 3600, 36 * 3600)
JITTER = 0.2
LONGEST_NAP_S = 300
"""A reader that wants nothing is looked at again this often: it may have changed its mind."""
SPARE_S = 30
"""Beyond its deadline, before an attempt counts as dead."""

log = structlog.get_logger()


class NoMailServer(GeoServiceError):
    """There is no mail server in the settings."""

    code = "no_mail_server"


@dataclass(frozen=True, slots=True)
class Post:
    """How this installation sends e-mails."""

    relay: smtp.Relay
    sender: letter.Sender
    settings: Settings


def post_of(settings: Settings) -> Post:
    """Return how e-mails are sent. Raises NoMailServer."""
    relay = smtp.relay_of(settings)
    if relay is None:
        raise NoMailServer("no_mail_server")
    name = f"geo_service {settings.city_name}"
    return Post(relay, letter.Sender(relay.sender, name, settings.base_url, relay.name), settings)


def bundle(
    engine: sa.Engine, subscription_id: UUID, settings: Settings, now: dt.datetime | None = None
) -> UUID | None:
    """Put what a subscription must hear at once into one e-mail; return its id, None when another one took it.

    Raises DeliveryDeferred while more may come (works that meet twelve repairs make one e-mail), and while its reader wants nothing.
    """
    with db.write(engine) as conn:
        _let_rest(conn, subscription_id, settings, now)
        age_s = mail_queue.waiting_s(conn, subscription_id)
        if age_s is None:
            return None
        if age_s < settings.mail_bundle_s:
            raise DeliveryDeferred(settings.mail_bundle_s - age_s)
        return mail_queue.collect(conn, subscription_id, "at_once")


def sweep(engine: sa.Engine, settings: Settings, now: dt.datetime) -> list[UUID]:
    """Queue the e-mails of the morning that are due; return their ids. Only the first call of a morning finds something: what comes later waits
    for the next one, also for who had nothing to hear.
    """
    local = now.astimezone(ZoneInfo(settings.timezone))
    day = today(settings, now)
    if local.time() < settings.digest_at or not working_days.is_working_day(day):
        return []
    with db.read(engine) as conn:
        due = mail_queue.without_morning(conn, day)
    queued = []
    for subscription_id in due:
        with db.write(engine) as conn:
            if mail_queue.rest_s(conn, subscription_id, now, ZoneInfo(settings.timezone)) == 0:
                queued.append(mail_queue.collect_digest(conn, subscription_id, day))
    return [mail_id for mail_id in queued if mail_id is not None]


def send(engine: sa.Engine, mail_id: UUID, post: Post) -> smtp.Answer | None:
    """Try once, and store the attempt; None when nothing is due.

    Raises DeliveryFailure when another attempt follows. A crash between the server's last word and ours sends the e-mail again, with the
    same Message-ID: SMTP has no way to ask whether it was taken.
    """
    lease_s = post.relay.timeout_s + SPARE_S
    with db.write(engine) as conn:
        if (reader := mail_queue.reader_of(conn, mail_id)) is not None:
            _let_rest(conn, reader, post.settings)
        mail = mail_queue.claim(conn, mail_id, lease_s)
        if mail is None and mail_queue.is_under_way(conn, mail_id):
            raise DeliveryDeferred(lease_s)
        if mail is None:
            mail_queue.put_back(conn, mail_id)
    if mail is None:
        return None
    answer = _hand_over(engine, mail, post)
    wait_s = retry_wait(mail["attempts"])
    with db.write(engine) as conn:
        _record(conn, mail, answer, last=wait_s is None)
    if answer.outcome == "later" and wait_s is not None:
        raise DeliveryFailure(wait_s)
    return answer


def send_test(recipient: str, post: Post, translator: i18n.Translator) -> smtp.Answer:
    """Send a message that only says that e-mail works. Raises InvalidInput for what is no address."""
    mail_words.check_address(recipient, "to")
    message = letter.compose_test(recipient, post.sender, translator, uuid.uuid4())
    return smtp.send(post.relay, message, recipient)


def _let_rest(
    conn: sa.Connection, subscription_id: UUID, settings: Settings, now: dt.datetime | None = None
) -> None:
    """Raises DeliveryDeferred while the reader wants nothing."""
    zone = ZoneInfo(settings.timezone)
    rest_s = mail_queue.rest_s(conn, subscription_id, now or dt.datetime.now(dt.UTC), zone)
    if rest_s > 0:
        raise DeliveryDeferred(min(rest_s, LONGEST_NAP_S))


def retry_wait(attempts: int) -> float | None:
    """The wait after that many attempts (1 or more, s); None when no further attempt follows."""
    if attempts > len(WAITS_S):
        return None
    return WAITS_S[attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # nosec B311 # chance, never a secret


def _hand_over(engine: sa.Engine, mail: dict[str, Any], post: Post) -> smtp.Answer:
    """Compose and send; an e-mail of which no news is left is not sent."""
    try:
        mail_words.check_address(mail["recipient"], "target")
    except InvalidInput:
        return smtp.Answer("refused", "not an e-mail address")
    language = mail["language"] or post.settings.language
    translator = i18n.Translator(language, today(post.settings))
    with db.read(engine) as conn:
        news = sum_up(mail_queue.content(conn, mail["id"]))
        cases = letter.cases(news, translator, post.sender.base_url)
    with partners.read(engine, mail["party"]) as conn:
        shapes = mail_map.shapes(conn, letter.with_map(cases))
    if not news:
        return smtp.Answer("empty")
    envelope = letter.Envelope(mail["id"], mail["recipient"], mail["kind"], mail["secret"], mail["name"])
    message = letter.compose(envelope, cases, post.sender, translator, mail_map.draw(shapes))
    return smtp.send(post.relay, message, mail["recipient"])


def _record(conn: sa.Connection, mail: dict[str, Any], answer: smtp.Answer, *, last: bool) -> None:
    if answer.outcome == "sent":
        mail_queue.record_sent(conn, mail)
    elif answer.outcome == "empty":
        mail_queue.record_empty(conn, mail)
    elif answer.outcome == "refused":
        mail_queue.record_bounce(conn, mail, answer.error)
    elif last:
        mail_queue.record_failure(conn, mail, answer.error)
    else:
        mail_queue.record_retry(conn, mail, answer.error)
