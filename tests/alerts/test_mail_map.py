"""The small map of an e-mail, as a mail program shows it."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

import sqlalchemy as sa
from PIL import Image, ImageColor

from geo_service import db
from geo_service.alerts import mail_map, subscriptions
from tests.alerts.mail_scenes import HELD, config, conflict_alert, listener, met, post, reader, server
from tests.alerts.mail_server import MailServer

__all__ = ["config", "listener", "met", "post", "reader", "server"]  # fixtures


def pixels(picture: bytes) -> Counter[tuple[int, ...]]:
    with Image.open(io.BytesIO(picture)) as image:
        assert image.size == (mail_map.WIDTH * mail_map.SCALE, mail_map.HEIGHT * mail_map.SCALE)
        return Counter(image.convert("RGB").get_flattened_data())


def near(seen: Counter[tuple[int, ...]], colour: str) -> int:
    """The pixels of a colour, as a palette of few colours keeps it."""
    wanted = ImageColor.getrgb(colour)
    return sum(n for one, n in seen.items() if all(abs(a - b) < 12 for a, b in zip(one, wanted, strict=True)))


def test_an_email_shows_where_it_is_on_a_small_map_of_its_own(
    met: sa.Engine, server: MailServer, reader: Any, tell: Any, post: Any
) -> None:
    reader()
    tell(conflict_alert(met), HELD)
    post()
    [mail] = server.mails
    [picture] = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert f'src="cid:{picture["Content-ID"][1:-1]}"' in server.html()
    assert "https://geo.example/afstemming?dossier=" in server.html().partition("<img")[0]
    seen = pixels(picture.get_payload(decode=True))
    # a repair at a point is a dot
    wanted = [
        edge if layer in ("repair", "conflict") else fill for layer, (fill, edge) in mail_map.COLOURS.items()
    ]
    assert all(near(seen, colour) > 200 for colour in wanted), seen.most_common(12)


def test_a_partner_sees_its_own_ground_only(
    met: sa.Engine, server: MailServer, config: Any, tell: Any, post: Any
) -> None:
    draft = subscriptions.SubscriptionDraft("dig@proximus.example", {}, "email", "each", "nl")
    with db.write(met) as conn:
        subscriptions.create(conn, subscriptions.Subscriber("proximus"), draft)
    tell(conflict_alert(met))
    assert [answer.outcome for answer in post()] == ["sent"]
    [picture] = [part for part in server.mails[0].walk() if part.get_content_type() == "image/png"]
    seen = pixels(picture.get_payload(decode=True))
    fill, _ = mail_map.COLOURS["works"]
    assert near(seen, str(fill)) > 200
    assert near(seen, mail_map.COLOURS["conflict"][1]) > 200
    assert near(seen, mail_map.COLOURS["repair"][1]) == 0
