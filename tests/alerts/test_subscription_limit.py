"""A subscriber holds as many subscriptions as it may, and those of who leaves end or wait for somebody else."""

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.accounts import people
from geo_service.alerts import subscriptions
from geo_service.alerts.subscriptions import MOST_OF_A_PARTNER, Subscriber, SubscriptionDraft, create
from geo_service.domain.errors import InvalidInput
from geo_service.store import audit


def test_a_partner_ends_one_before_it_makes_one_too_many(database: sa.Engine) -> None:
    partner, draft = Subscriber("proximus"), SubscriptionDraft("https://partner.example/")
    with db.write(database) as conn:
        for _ in range(MOST_OF_A_PARTNER):
            create(conn, partner, draft)
        with pytest.raises(InvalidInput, match=str(MOST_OF_A_PARTNER)):
            create(conn, partner, draft)


def test_the_webhooks_of_who_leaves_are_off_until_somebody_takes_them_over(conn: sa.Connection) -> None:
    clerk = audit.Actor("clerk")
    an, bo = (
        people.add(conn, clerk, name=name, email=f"{name}@izegem.be", role="coordinator")
        for name in ("an", "bo")
    )
    of_an, of_bo = (subscriptions.Subscriber(None, one.id, one.name) for one in (an, bo))
    hers, his, to_all = (
        subscriptions.create(conn, maker, draft)["id"]
        for maker, draft in (
            (of_an, subscriptions.SubscriptionDraft("https://example.org/an")),
            (of_bo, subscriptions.SubscriptionDraft("https://example.org/bo")),
            (of_an, subscriptions.SubscriptionDraft("nutsen@izegem.be", channel="email", rhythm="digest")),
        )
    )
    people.disable(conn, clerk, an)
    rows = {row["id"]: row for row in subscriptions.every(conn, subscriptions.CITY)}
    states = [
        (rows[one]["active"], rows[one]["maker_left"], rows[one]["made_by"]) for one in (hers, his, to_all)
    ]
    assert states == [(False, True, "an"), (True, False, "bo"), (True, False, "an")]
    taken = subscriptions.change(conn, of_bo, hers, rows[hers]["version"], active=True)
    assert (taken["active"], taken["maker_left"], taken["made_by"]) == (True, False, "bo")
    people.disable(conn, clerk, bo)
    assert not subscriptions.get(conn, subscriptions.CITY, hers)["active"]
