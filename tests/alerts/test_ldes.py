"""Event streams for other systems: pages that never change, in one order, for who may read them."""

from __future__ import annotations

import random
import re
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from rdflib.namespace import DCTERMS, PROV

from geo_service.store import feed_epoch
from geo_service.store.tables import ldes_members, repairs, works
from tests.alerts.ldes_scenes import (
    SHORT,
    TREE,
    change,
    city,
    fetch,
    first_page,
    graph,
    members,
    newest,
    publish,
    service,
    short_pages,
    walk,
)
from tests.serving import Service

__all__ = ["city", "service", "short_pages"]  # fixtures

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:rdflib", "ignore::DeprecationWarning:pyshacl"
)


def test_a_reader_gets_the_form_that_stands_highest(service: Service, city: Any) -> None:
    forms = {
        "text/turtle;q=0.4, application/ld+json;q=0.5": "application/ld+json",
        "text/turtle;q=0.6, application/ld+json;q=0.5": "text/turtle",
        "text/turtle;q=0.5, application/ld+json;q=0.5": "application/ld+json",
        "text/turtle;q=1.2.3": "application/ld+json",
        "text/html, */*": "application/ld+json",
    }
    for accept, form in forms.items():
        answer = fetch(service, "/ldes/works", Accept=accept)
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, form), accept


@pytest.mark.parametrize("_round", range(3))
def test_pages_stay_the_same_bytes_while_the_stream_grows(
    service: Service, city: Any, short_pages: None, _round: int
) -> None:
    seed = random.randrange(10_000)
    print(f"seed {seed}")
    dice = random.Random(seed)
    with service.engine.connect() as conn:
        ids = {table: list(conn.scalars(sa.select(table.c.id))) for table in (works, repairs)}
    full: dict[str, bytes] = {}
    for _ in range(12):
        for _ in range(dice.randrange(6)):
            change(service, dice, ids)
        publish(service)
        for name in ("works", "repairs"):
            for answer in walk(service, name):
                lasting = "immutable" in answer.headers["cache-control"]
                count = len(answer.json()["@graph"][0]["tree:member"])
                assert lasting == (count == SHORT)
                assert full.get(str(answer.url), answer.content) == answer.content
                if lasting:
                    full[str(answer.url)] = answer.content
    assert full
    with service.engine.begin() as conn:
        living = {
            table.name: {
                str(one) for one in conn.scalars(sa.select(table.c.id).where(table.c.deleted_at.is_(None)))
            }
            for table in ids
        }
        for table in ids:
            conn.execute(sa.update(table).values(deleted_at=None, version=table.c.version + 1))
    for name, expected in living.items():
        assert {
            one for one, member in newest(service, name).items() if member["@type"] != "as:Delete"
        } == expected
    publish(service)
    assert not [one for one in newest(service, "works").values() if one["@type"] == "as:Delete"]


def test_nothing_new_publishes_nothing(service: Service, city: Any) -> None:
    publish(service)
    assert set(publish(service).values()) == {0}
    with service.engine.begin() as conn:  # a new version that reads as the one before
        conn.execute(sa.update(works).values(version=works.c.version + 1, remark="anders"))
    assert publish(service)["works"] == 0
    assert set(publish(service).values()) == {0}


def test_two_publishers_take_no_place_twice(service: Service, city: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for _ in range(5):
        with service.engine.begin() as conn:
            conn.execute(
                sa.update(works).values(
                    version=works.c.version + 1,
                    certainty=sa.case((works.c.certainty == "planned", "confirmed"), else_="planned"),
                )
            )
        with ThreadPoolExecutor(4) as threads:
            added = [one.result()["works"] for one in [threads.submit(publish, service) for _ in range(4)]]
        with service.engine.connect() as conn:
            count = conn.scalar(
                sa.select(sa.func.count()).select_from(works).where(works.c.deleted_at.is_(None))
            )
        assert sum(added) == count
    with service.engine.connect() as conn:
        places = list(
            conn.scalars(
                sa.select(ldes_members.c.place)
                .where(ldes_members.c.stream == "works")
                .order_by(ldes_members.c.place)
            )
        )
    assert places == list(range(1, len(places) + 1))


def test_a_clock_that_goes_back_keeps_the_order_of_times(service: Service, city: Any) -> None:
    with service.engine.begin() as conn:
        later = sa.update(ldes_members).values(at=sa.text("now() + interval '1 hour'"))
        conn.execute(later.where(ldes_members.c.stream == "works"))  # each stream has a clock of its own
        conn.execute(sa.update(works).values(version=works.c.version + 1, certainty="in_progress"))
    assert publish(service)["works"] > 0
    times = [one["prov:generatedAtTime"]["@value"] for one in members(service, "works")]
    assert times == sorted(times)


def test_works_that_lose_their_ground_are_gone(service: Service, city: Any) -> None:
    bare = city["street"].works((30, 44), along=(600, 640), source_id="bare")["id"]
    assert publish(service)["works"] >= 1
    with service.engine.begin() as conn:
        conn.execute(sa.text("DELETE FROM phases WHERE works_id = :id"), {"id": bare})
    assert publish(service)["works"] == 1
    assert newest(service, "works")[bare]["@type"] == "as:Delete"
    assert publish(service)["works"] == 0


def test_a_conflict_in_the_shadow_is_not_published(service: Service, city: Any) -> None:
    [shy, *_] = newest(service, "conflicts")
    with service.engine.begin() as conn:
        conn.execute(
            sa.text("UPDATE conflicts SET shadow = true, version = version + 1 WHERE id = :id"), {"id": shy}
        )
    publish(service)
    assert newest(service, "conflicts")[shy]["@type"] == "as:Delete"
    with service.engine.begin() as conn:
        conn.execute(
            sa.text("UPDATE conflicts SET shadow = false, version = version + 1 WHERE id = :id"), {"id": shy}
        )
    publish(service)


@pytest.mark.parametrize(
    ("role", "status"),
    [("viewer", 200), ("workshop", 200), ("utilities_desk", 200), ("coordinator", 200), ("admin", 200), ("partner", 403), ("reporter", 403), (None, 401)],
)  # fmt: skip
def test_who_sees_every_owner_reads_the_streams(
    service: Service, city: Any, role: str | None, status: int
) -> None:
    page = first_page(service, "works")
    with service.as_(role) as http:
        assert [http.get(one).status_code for one in ("/ldes/works", page)] == [status, status]


def test_a_page_that_is_not_there_is_said(service: Service, city: Any) -> None:
    page = first_page(service, "works")
    wrong = {
        page[:-1] + "99": 404,
        page[:-1] + "0": 422,
        page[:-1] + "x": 422,
        re.sub(r"[0-9a-f-]{36}", str(uuid.uuid4()), page): 410,
        "/ldes/buildings": 422,
    }
    assert {address: fetch(service, address).status_code for address in wrong} == wrong


def test_a_page_that_its_reader_has_is_not_sent_again(service: Service, city: Any) -> None:
    page = fetch(service, first_page(service, "works"))
    again = fetch(service, str(page.url), **{"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_backup_that_is_put_back_begins_other_pages(service: Service, city: Any) -> None:
    before = first_page(service, "works")
    with service.engine.begin() as conn:
        feed_epoch.renew(conn)
    assert fetch(service, before).status_code == 410
    after = first_page(service, "works")
    assert after != before and fetch(service, after).status_code == 200


def test_relations_lead_to_later_members_only(service: Service, city: Any, short_pages: None) -> None:
    for answer in walk(service, "works"):
        page = graph(answer)
        for value in page.objects(None, TREE.value):
            times = [
                one
                for member in page.objects(None, TREE.member)
                for one in page.objects(member, PROV.generatedAtTime)
            ]
            assert max(times) == value
        assert len(set(page.objects(None, TREE.member))) == len(set(page.subjects(DCTERMS.isVersionOf)))
