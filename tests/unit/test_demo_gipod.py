"""The feed of the demo city, as its own GIPOD tells it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

import httpx
import pytest
import shapely
from shapely.geometry import shape

from geo_service.demo.diary import BRUSSELS
from geo_service.demo.gipod import hinder_features, inname_features, slipped, with_status, without
from geo_service.demo.model import City, GoldenPlace
from geo_service.demo.peer import running, serving
from geo_service.intake.records import Record
from geo_service.intake.sources.gipod import Gipod
from tests.serving import TODAY

PROPERTIES = {
    "GipodId", "Uri", "Description", "Reference", "Type", "TypeId", "PublicDomainOccupancyTypes", "Status", "StatusId",
    "Start", "End", "TimeSchedule", "Owner", "OwnerId", "ContactOrganisations", "MobilityHindrances", "GroundworkCategory",
    "GroundworkCategoryId", "GroundworkSpecification", "GroundworkPartOfTrenchSynergy", "CreatedOn", "LastModifiedOn",
}  # fmt: skip
HINDER = {
    "ZoneId", "ZoneType", "ZoneTypeId", "SevereHindrance", "Consequences", "Uri", "HindranceGipodId", "HindranceURI", "HindranceConsequenceOf",
    "HindranceDescription", "HindranceOwner", "HindranceOwnerId", "HindranceContactOrganisations", "HindranceStatus", "HindranceStatusId",
    "HindranceStart", "HindranceEnd", "HindranceCreatedOn", "HindranceLastModifiedOn",
}  # fmt: skip


@pytest.fixture
def city(demo_city: City) -> City:
    return demo_city


def place(city: City, scenario: int) -> GoldenPlace:
    return next(place for place in city.golden if place.scenario == scenario)


def test_features_have_every_gipod_property_and_ids_with_the_start_in_utc(city: City) -> None:
    features = inname_features(city, TODAY)
    for feature in features:
        properties = feature["properties"]
        assert set(properties) == PROPERTIES
        start = datetime.fromisoformat(properties["Start"])
        assert feature["id"] == f"INNAME.{properties['GipodId']}-{start:%y%m%d%H%M}"
        assert feature["geometry"]["type"] == "MultiPolygon"
        assert properties["Start"] < properties["End"]
        assert "example.org" in properties["ContactOrganisations"]
    west, south, east, north = shapely.union_all([shape(f["geometry"]) for f in features]).bounds
    assert 3.1 < west < east < 3.3 and 50.8 < south < north < 51.0


def test_hindrances_have_every_gipod_property_and_belong_to_works_that_name_them(city: City) -> None:
    works = {f["properties"]["Uri"]: f["properties"] for f in inname_features(city, TODAY)}
    zones = [f["properties"] for f in hinder_features(city, TODAY)]
    assert zones and all(set(zone) == HINDER for zone in zones)
    assert all(
        zone["HindranceURI"] == works[zone["HindranceConsequenceOf"]]["MobilityHindrances"] for zone in zones
    )
    assert (
        len({zone["ZoneId"] for zone in zones})
        == len({zone["HindranceGipodId"] for zone in zones})
        == len(zones)
    )


def test_local_midnight_is_written_in_utc(city: City) -> None:
    (feature,) = [f for f in inname_features(city, TODAY) if f["id"] in place(city, 1).works]
    assert feature["properties"]["Start"] == "2026-12-22T23:00:00Z"
    assert feature["properties"]["End"] == "2027-01-05T23:00:00Z"


def test_the_feed_of_yesterday_lacks_what_was_registered_today(city: City) -> None:
    new = place(city, 2).works[0]
    assert new in {f["id"] for f in inname_features(city, TODAY)}
    assert new not in {f["id"] for f in inname_features(city, TODAY - timedelta(days=1))}


def test_next_feeds_slip_change_and_lose_one_dossier(city: City) -> None:
    features = inname_features(city, TODAY)
    (feature,) = [f for f in features if f["id"] in place(city, 5).works]
    number = feature["properties"]["GipodId"]
    (later,) = [f for f in slipped(features, number, 200) if f["properties"]["GipodId"] == number]
    assert datetime.fromisoformat(later["properties"]["Start"]).astimezone(BRUSSELS).hour == 0
    assert later["id"] != feature["id"]
    (cancelled,) = [f for f in with_status(features, number, "Niet uitgevoerd") if f["id"] == feature["id"]]
    assert cancelled["properties"]["Status"] == "Niet uitgevoerd"
    assert len(without(features, number)) == len(features) - 1


def test_every_person_is_invented(city: City) -> None:
    assert all(re.fullmatch(r"[a-z]+\d+@example\.org", repair.reporter.email) for repair in city.repairs)


def test_peer_pages_through_all_features_by_following_next(city: City) -> None:
    features = inname_features(city, TODAY)
    with serving(features) as root:
        url, seen = f"{root}/collections/INNAME/items?limit=50", []
        while url:
            answer = httpx.get(url)
            assert answer.headers["content-type"] == "application/geo+json"
            page = answer.json()
            assert page["numberMatched"] == len(features)
            assert page["numberReturned"] == len(page["features"])
            seen += [feature["id"] for feature in page["features"]]
            url = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
    assert seen == [feature["id"] for feature in features]


def test_the_importer_reads_hindrances_from_the_peer(city: City) -> None:
    with serving(inname_features(city, TODAY), hinder_features(city, TODAY)) as root:
        read = [
            one for one in Gipod(root, region=(3.1, 50.8, 3.3, 51.0)).records() if isinstance(one, Record)
        ]
    said = {(one.group, tuple(one.raw.get("consequences", ()))) for one in read}
    assert said == {(str(work.gipod_id), tuple(sorted(work.consequences))) for work in city.works}
    assert {"Geen doorgang voor voetgangers", "Beperkte doorgang voor voetgangers"} <= {
        one for _, told in said for one in told
    }


def test_peer_filters_by_box_and_period_and_shows_a_later_feed(city: City) -> None:
    features, golden, zones = inname_features(city, TODAY), place(city, 1), hinder_features(city, TODAY)
    box = f"{golden.lon - 1e-5},{golden.lat - 1e-5},{golden.lon + 1e-5},{golden.lat + 1e-5}"
    with running(features, zones) as peer:
        items = f"{peer.url}/collections/INNAME/items"
        found = httpx.get(items, params={"bbox": box}).json()["features"]
        assert [feature["id"] for feature in found] == list(golden.works)
        now = datetime.combine(TODAY, time(12), tzinfo=UTC).isoformat()
        hinder = httpx.get(f"{peer.url}/collections/HINDER/items", params={"datetime": now}).json()[
            "numberMatched"
        ]
        assert 0 < hinder < len(zones)
        assert httpx.get(f"{peer.url}/collections/OMLEIDING/items").status_code == 404
        running_now = httpx.get(items, params={"datetime": now}).json()["numberMatched"]
        assert 0 < running_now < len(features) / 2
        peer.features = without(features, found[0]["properties"]["GipodId"])
        assert httpx.get(items, params={"bbox": box}).json()["numberMatched"] == 0
        assert httpx.get(items, params={"bbox": "oost"}).status_code == 400
