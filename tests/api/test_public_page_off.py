"""The page for everybody while it is off, and while the service cannot answer."""

from __future__ import annotations

import uuid

from geo_service.cluster import Cluster
from tests.api.test_public_page import PATH
from tests.serving import running


def test_off_it_is_as_any_unknown_page(cluster: Cluster, template: str) -> None:
    name = f"public_off_{uuid.uuid4().hex[:12]}"
    try:
        with running(cluster.create_database(name, template)) as off, off.as_(None) as client:
            answers = [client.get(path, params={"adres": "x"}) for path in (PATH, "/nergens")]
    finally:
        cluster.drop_database(name)
    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].json() == {**answers[1].json(), "instance": answers[0].json().get("instance")}


def test_what_the_service_cannot_answer_is_a_page_too(cluster: Cluster, template: str) -> None:
    """First the database goes, then the address has asked too much: a citizen never reads a document for programs."""
    name = f"public_gone_{uuid.uuid4().hex[:12]}"
    url = cluster.create_database(name, template)
    limits = {"rate_per_address": 3, "pool_timeout_s": 1}
    with running(url, public_page=True, **limits) as town, town.as_(None) as citizen:
        assert citizen.get(PATH).status_code == 200
        cluster.drop_database(name)
        gone = citizen.get(f"{PATH}?adres=Kaaistraat")
        english = citizen.get(f"{PATH}?taal=en")
        limited = citizen.get(PATH)
        for_programs = citizen.get("/api/v1/status")
    assert (gone.status_code, english.status_code, limited.status_code) == (503, 503, 429)
    for page in (gone, english, limited):
        assert page.headers["Content-Type"].startswith("text/html")
        assert (
            int(page.headers["Retry-After"]) >= 1
            and "default-src 'none'" in page.headers["Content-Security-Policy"]
        )
    assert "De dienst antwoordt niet" in gone.text and f'href="{PATH}?adres=Kaaistraat"' in gone.text
    assert "Nothing is lost" in english.text
    assert "Te veel vragen" in limited.text
    assert for_programs.headers["Content-Type"] == "application/problem+json"
