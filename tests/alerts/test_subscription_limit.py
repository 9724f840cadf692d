"""A subscriber holds as many subscriptions as it may, and not one more."""

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.alerts.subscriptions import MOST_OF_A_PARTNER, Subscriber, SubscriptionDraft, create
from geo_service.domain.errors import InvalidInput


def test_a_partner_ends_one_before_it_makes_one_too_many(database: sa.Engine) -> None:
    partner, draft = Subscriber("proximus"), SubscriptionDraft("https://partner.example/")
    with db.write(database) as conn:
        for _ in range(MOST_OF_A_PARTNER):
            create(conn, partner, draft)
        with pytest.raises(InvalidInput, match=str(MOST_OF_A_PARTNER)):
            create(conn, partner, draft)
