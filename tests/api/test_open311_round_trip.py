"""A citizen reports on a site like FixMyStreet and hears what becomes of it, until it is repaired."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import shapely
import sqlalchemy as sa
from georeport import GeoReport

from geo_service import db
from geo_service.domain.permissions import PERMISSIONS
from geo_service.store import listing
from geo_service.store.tables import buildings, pavement_sections
from tests.api.open311 import CITIZEN, PATH, Site, errors, repair_of, text
from tests.api.scenario import Street
from tests.serving import STREET, TO_WGS84, Service


@pytest.fixture
def site(service: Service) -> Site:
    """A site with a key of the role reporter."""
    return Site(service)


def test_what_is_held_is_expected_when_it_is_free_and_no_more_on_its_own_days(
    street: Street, site: Site
) -> None:
    request = site.filed(street.x + 20, **{"attribute[extent]": "section"})
    assert street.schedule(repair_of(street, request), (3, 4)).status_code == 200
    street.works((30, 44))
    assert site.request(request)["expected_datetime"] == "2027-01-05T23:00:00Z"


def test_a_reporter_hears_not_before_when_until_it_is_repaired(street: Street, site: Site) -> None:
    works = street.works((30, 44))

    request = site.filed(street.x + 20, **{"attribute[extent]": "section"})

    waiting = (
        "Het gebrek dat u meldde, wordt hersteld na de werken van Proximus, verwacht vanaf wo 6 jan 2027."
    )
    assert site.updates(request) == [("open", waiting)]
    shown = site.request(request)
    assert (shown["status"], shown["status_notes"].replace("\u00a0", " ")) == ("open", waiting)
    assert shown["expected_datetime"] == "2027-01-05T23:00:00Z"

    street.slip(works, (100, 114))
    street.change_works(works, certainty="cancelled")
    repair = repair_of(street, request)
    assert street.schedule(repair, (3, 4)).status_code == 200
    street.complete(repair, on=0)

    assert site.updates(request) == [
        ("open", waiting),
        (
            "open",
            "Het gebrek dat u meldde, wordt hersteld na de werken van Proximus, verwacht vanaf wo 17 mrt 2027.",
        ),
        ("open", "Uw melding is nagekeken; herstellen kan."),
        ("open", "Het gebrek dat u meldde, wordt hersteld vanaf do 26 nov."),
        ("closed", "Het gebrek dat u meldde, is hersteld op ma 23 nov."),
    ]
    assert site.request(request)["status"] == "closed"


def test_what_says_the_same_is_told_once(street: Street, site: Site) -> None:
    works = street.works((30, 44))
    request = site.filed(street.x + 20)

    street.change_works(works, title="Andere titel")
    street.slip(works, (28, 44))

    assert len(site.updates(request)) == 1


def test_updates_are_those_of_the_days_asked_for(street: Street, site: Site) -> None:
    request = site.filed(street.x + 20)
    now = datetime.now(UTC)
    hour, day = timedelta(hours=1), timedelta(days=1)

    def stamp(moment: datetime) -> str:
        return f"{moment:%Y-%m-%dT%H:%M:%SZ}"

    assert len(site.updates(request, start_date=stamp(now - hour), end_date=stamp(now + hour))) == 1
    assert site.updates(request, start_date=stamp(now + hour), end_date=stamp(now + day)) == []
    assert site.updates(request, end_date=stamp(now - hour)) == []


def test_the_defect_becomes_a_repair_and_who_reported_stays_apart(street: Street, site: Site) -> None:
    request = site.filed(
        street.x + 20,
        service_code="loose_slab",
        media_url="https://fix.example/photo/1.jpeg",
        **{"attribute[hindrance]": "dangerous", "attribute[fixmystreet_id]": "4711", "title": "Put"},
    )

    repair = repair_of(street, request)
    assert (repair["category"], repair["urgency"], repair["scope"]) == ("loose_slab", "high", "spot")
    assert (repair["source"], repair["source_id"]) == ("georeport", "test reporter/4711")
    assert repair["owner"] == "Stad Izegem"
    assert "Diepe put, bel [tel.]" in repair["description"]
    kept = repair["reporter"]
    assert (kept["name"], kept["email"], kept["phone"]) == (
        "Jan Peeters-Zonderling",
        CITIZEN["email"],
        CITIZEN["phone"],
    )
    assert kept["media_url"] == "https://fix.example/photo/1.jpeg"
    assert kept["attributes"] == {"fixmystreet_id": "4711"}
    assert kept["title"] == "Put" and "0470 55 44 33" in kept["description"]
    assert not {"api_key", "lat", "long"} & kept.keys()


def test_who_reported_comes_back_out_nowhere(street: Street, site: Site) -> None:
    request = site.filed(street.x + 20, **{"attribute[fixmystreet_id]": f"p{street.x}"})
    key = street.service.keys["admin"]
    paths = (f"requests/{request}", "requests", "servicerequestupdates", "services", "discovery")
    for form in ("xml", "json"):
        for path in paths:
            query = {"api_key": key} if path.startswith("requests") else {}
            answer = site.get(f"{path}.{form}", **query)
            assert answer.status_code == 200
            for personal in ("Zonderling", "55 44 33", CITIZEN["email"]):
                assert personal not in answer.text, path
    for role in ("viewer", "utilities_desk"):
        assert role not in PERMISSIONS["see reporter"]
        with street.service.as_(role) as reader:
            id_ = repair_of(street, request)["id"]
            assert "reporter" not in reader.get(f"/api/v1/repairs/{id_}").json()
            assert "Zonderling" not in reader.get("/api/v1/repairs.geojson").text


def test_the_same_report_sent_again_is_the_same_request(street: Street, site: Site) -> None:
    number = {"attribute[fixmystreet_id]": f"again{street.x}"}

    first, second = site.filed(street.x + 20, **number), site.filed(street.x + 20, **number)

    assert first == second
    assert len(site.updates(first)) == 1


def test_the_georeport_client_reads_us_in_both_formats(street: Street, site: Site) -> None:
    request = site.filed(street.x + 20)

    for form in ("json", "xml"):
        client = GeoReport(f"{street.service.url}{PATH}", output_format=form)
        codes = {one["service_code"] for one in client.get_service_list()}
        assert codes == {"pothole", "subsidence", "loose_slab", "root_damage", "kerb", "other"}
        assert client.get_service_definition("kerb")["service_code"] == "kerb"
        listed = client.get_service_requests(service_code="pothole", status="open")
        assert request in {one["service_request_id"] for one in listed}
        assert client.get_service_request(request)["service_code"] == "pothole"
        both = client.get_service_requests(service_request_id=f"{request},H-999999999")
        assert (both if form == "xml" else both[0])["service_request_id"] == request


def test_without_a_key_only_what_was_filed_here_is_read(street: Street, site: Site) -> None:
    own = street.repair()
    filed = site.filed(street.x + 60)

    assert site.get(f"requests/{own['number']}.json").status_code == 404
    with_key = site.get(f"requests/{own['number']}.json", api_key=street.service.keys["viewer"])
    assert with_key.json()[0]["service_request_id"] == own["number"]
    reporter = site.get("requests.json", api_key=street.service.keys["reporter"]).json()
    assert own["number"] not in {one["service_request_id"] for one in reporter}
    assert filed in {one["service_request_id"] for one in reporter}


def test_a_reporter_key_opens_nothing_else(service: Service) -> None:
    with service.as_("reporter") as reporter:
        answers = [
            reporter.get(f"/api/v1/{path}")
            for path in (
                "works",
                "repairs",
                "conflicts",
                "alerts",
                "rules",
                "buildings",
                "pavements",
                "works.geojson",
            )
        ]
        answers.append(reporter.get("/ogc/tiles/WebMercatorQuad/16/33000/22000.mvt"))

    assert [answer.status_code for answer in answers] == [403] * 9


def test_an_address_of_one_house_is_the_footpath_before_it(street: Street, site: Site) -> None:
    with db.write(street.service.engine) as conn:
        house = {"source": "t", "source_id": "12", "street": "Teststraat", "house_number": "12"}
        conn.execute(sa.insert(buildings).values(**house, geom=_ground(street.x, 5, 10, 15)))
        path = {"source": "t", "code": "path", "kind": "footpath", "street": "Teststraat"}
        conn.execute(sa.insert(pavement_sections).values(**path, geom=_ground(street.x, 0, 100, 2)))

    answer = site.file(0, lat=None, long=None, address_string="8870 Izegem, Teststraat 12")
    unknown = site.file(0, lat=None, long=None, address_string="Teststraat 99, 8870 Izegem")

    request = site.request(text(answer, "request/service_request_id"))
    assert request["address"] == "Teststraat 12"
    assert TO_WGS84.transform(request["long"], request["lat"], direction="INVERSE")[1] == pytest.approx(
        STREET[1] + 2, abs=0.1
    )
    assert errors(unknown) == [(400, "address_string: is not one house that we know; send lat and long")]


def _ground(x: float, y0: float, length_m: float, y1: float) -> sa.ColumnElement[object]:
    return listing.geometry_param(
        shapely.box(STREET[0] + x, STREET[1] + y0, STREET[0] + x + length_m, STREET[1] + y1)
    )
