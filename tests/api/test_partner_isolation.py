"""The database itself keeps partners apart: what they see does not hang on a WHERE that somebody remembered."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from geo_service import db
from geo_service.api import alerts, cases, conflicts, exports, ogc_tiles, works
from geo_service.cluster import Cluster
from geo_service.domain.errors import DatabaseUnreachable
from geo_service.store import migrate, partners
from geo_service.store.collections import COLLECTIONS
from geo_service.store.tables import metadata
from tests.api.scenario import Street
from tests.api.test_roles import _layers
from tests.serving import Service

CONFINED = {
    "works", "phases", "claims", "source_records", "source_changes", "renumberings", "repairs", "holds", "conflicts", "conflict_events", "joint_projects", "requests", "alerts", "subscriptions", "deliveries", "mails",
}  # fmt: skip
FOR_EVERYBODY = {
    "imports",    "organisations", "owner_groups", "owner_prefixes", "buildings", "pavement_sections", "streets", "ground", "rules", "parameters",
    "certainties", "reliabilities", "calendars", "city", "recomputations", "phase_digs", "feed_epoch", "fact_clock",
}  # fmt: skip
SOME_COLUMNS = {
    "source_records": ("works_id", "first_seen_at", "last_seen_at"),
    "imports": ("source", "status", "finished_at"),
}
"""Of raw records and imports: when they were seen, and nothing else."""
PLACES = {
    "works": works,
    "conflicts": conflicts,
    "cases": cases,
    "alerts": alerts,
    "exports": exports,
    "tiles": ogc_tiles,
}
"""Where a reader is confined by a WHERE."""


@pytest.fixture(scope="module")
def city(service: Service) -> Iterator[dict[str, Any]]:
    """Works of the partner and of another owner, each with a repair that it would open again, and webhooks of both and of the city."""
    street = Street(service, 60_000)
    own, other = street.works((30, 44)), street.works((30, 44), owner="Fluvius", along=(80, 120))
    street.repair()
    street.repair(along=(85, 115))
    with service.engine.begin() as conn:
        for group in ("proximus", "fluvius", None):
            row = {"group": group}
            conn.execute(
                sa.text(
                    "INSERT INTO subscriptions (channel, target, secret, owner_group_id, after_seq) "
                    "VALUES ('webhook', 'https://example.org', 'whsec_x', :group, 0)"
                ),
                row,
            )
    yield {"street": street, "own": own, "other": other}


def seen(service: Service, table: str, party: str | None) -> list[dict[str, Any]]:
    """The rows of a plain SELECT, without any WHERE."""
    with partners.read(service.engine, party) as conn:
        columns = metadata.tables[table].c
        chosen = [columns[name] for name in SOME_COLUMNS.get(table, columns.keys())]
        return [dict(row) for row in conn.execute(sa.select(*chosen)).mappings()]


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_a_plain_select_shows_a_partner_what_is_its_own_or_nothing_at_all(
    service: Service, city: dict[str, Any], table: str
) -> None:
    if table not in CONFINED | FOR_EVERYBODY:
        with pytest.raises(ProgrammingError, match="permission denied"):
            seen(service, table, "proximus")
        return
    rows = {party: seen(service, table, party) for party in (None, "proximus", "fluvius", "nobody", "")}
    if table in FOR_EVERYBODY:
        assert rows["proximus"] == rows[None]
        return
    assert rows["nobody"] == rows[""] == []
    ours, theirs = ([str(row) for row in rows[party]] for party in ("proximus", "fluvius"))
    assert not set(ours) & set(theirs)
    assert not [row for row in ours if "fluvius" in row.lower()]
    if table in ("works", "phases", "claims", "conflicts", "alerts", "subscriptions"):
        assert ours and theirs and len(rows[None]) > len(ours)
    if table in ("repairs", "holds"):
        assert ours == theirs == []


@pytest.mark.parametrize("table", SOME_COLUMNS)
def test_other_columns_are_not_for_a_partner(service: Service, table: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        partners.read(service.engine, "proximus") as conn,
    ):
        conn.exec_driver_sql(f"SELECT * FROM {table}")


def test_without_an_owner_group_the_role_sees_nothing(service: Service, city: dict[str, Any]) -> None:
    with db.read(service.engine) as conn:
        conn.exec_driver_sql("SET LOCAL ROLE geo_partner")
        counts = [
            conn.scalar(sa.select(sa.func.count()).select_from(metadata.tables[name])) for name in CONFINED
        ]
    assert set(counts) == {0}


def test_the_role_writes_nothing_and_ends_with_the_transaction(
    service: Service, city: dict[str, Any]
) -> None:
    with partners.read(service.engine, "proximus") as conn:
        assert conn.scalar(sa.text("SELECT current_user")) == "geo_partner"
    with service.engine.connect() as conn:
        assert conn.scalar(sa.text("SELECT current_user")) != "geo_partner"
        assert not conn.scalar(sa.text("SELECT current_setting('geo.party', true)"))
    for statement in (
        "UPDATE works SET title = 'x'",
        "DELETE FROM subscriptions",
        "INSERT INTO rules DEFAULT VALUES",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), service.engine.begin() as conn:
            conn.exec_driver_sql("SET LOCAL ROLE geo_partner")
            conn.exec_driver_sql(statement)


@pytest.mark.parametrize("place", PLACES)
def test_a_forgotten_condition_shows_nothing_of_others(
    service: Service, city: dict[str, Any], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    street, own, other = city["street"], city["own"], city["other"]
    if place == "exports":  # the same value also chooses the role
        every = replace(COLLECTIONS["works"], visible=lambda _: sa.true())
        monkeypatch.setitem(exports.COLLECTIONS, "works", every)  # type: ignore[index]
    else:
        monkeypatch.setattr(PLACES[place], "confined_to", lambda _: None)
    if place == "tiles":
        layers = _layers(street, "partner")
        assert {found["owner"] for found in layers["works"]} == {"Proximus"} and "repairs" not in layers
        return
    path = {
        "exports": "/api/v1/works.geojson",
        "alerts": "/api/v1/alerts?limit=1000",
    }.get(place, f"/api/v1/{place}?limit=1000")
    with service.as_("partner") as partner:
        text = partner.get(path).raise_for_status().text
    assert other["id"] not in text and other["source_id"] not in text and "Fluvius" not in text
    assert "Proximus" in text or own["id"] in text


def test_a_partner_reads_as_the_role_and_the_city_does_not(service: Service, city: dict[str, Any]) -> None:
    users: list[str] = []

    def note(conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM works" in statement:
            users.append(conn.connection.driver_connection.execute("SELECT current_user").fetchone()[0])

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        for role in ("partner", "viewer"):
            with service.as_(role) as client:
                client.get("/api/v1/works").raise_for_status()
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert users and users[0] == "geo_partner" and users[-1] != "geo_partner"


def test_an_account_that_may_not_use_the_role_is_told_what_to_do(cluster: Cluster, template: str) -> None:
    name, account = f"owned_{uuid.uuid4().hex[:8]}", f"owner_{uuid.uuid4().hex[:8]}"
    url = sa.make_url(cluster.create_database(name, template))
    admin = db.create_engine_for(url)
    limited = url.set(username=account, password="x").render_as_string(hide_password=False)
    with admin.connect() as connection:
        conn = connection.execution_options(isolation_level="AUTOCOMMIT")
        conn.exec_driver_sql(f"CREATE ROLE {account} LOGIN PASSWORD 'x'")
        conn.exec_driver_sql(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {account}")
        try:
            with pytest.raises(DatabaseUnreachable) as refused:
                migrate.upgrade(limited)
        finally:
            conn.exec_driver_sql(f"DROP OWNED BY {account}")
            conn.exec_driver_sql(f"DROP ROLE {account}")
    admin.dispose()
    cluster.drop_database(name)
    assert refused.value.reason == "partner_role_missing"
    assert refused.value.params["account"] == account
