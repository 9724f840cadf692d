"""A word that does not exist is refused with the words that do: an empty list would say that there is nothing to worry about."""

from __future__ import annotations

import pytest

from tests.serving import Service


@pytest.mark.parametrize(
    ("path", "field", "exists"),
    [
        ("/conflicts?rule=zzz", "rule", "wasted_repair"),
        ("/conflicts?owner=zzz", "owner", "proximus"),
        ("/conflicts.geojson?rule=zzz", "rule", "wasted_repair"),
        ("/works?owner=zzz", "owner", "proximus"),
        ("/works.geojson?owner=zzz", "owner", "proximus"),
        ("/repairs?owner=zzz", "owner", "proximus"),
        ("/protections?owner=zzz", "owner", "proximus"),
        ("/protections.geojson?owner=zzz", "owner", "proximus"),
        ("/requests?owner=zzz", "owner", "proximus"),
        ("/cases?owner=zzz", "owner", "proximus"),
        ("/cases?rule=zzz", "rule", "wasted_repair"),
        ("/reliabilities?owner=zzz", "owner", "proximus"),
        ("/dispatch?team=zzz", "team", "proximus"),
        ("/buildings?function=zzz", "function", "school"),
        ("/pavements.geojson?kind=zzz", "kind", "footpath"),
    ],
)
def test_a_filter_on_a_word_that_does_not_exist_names_those_that_do(
    service: Service, path: str, field: str, exists: str
) -> None:
    with service.as_("coordinator") as client:
        refused = client.get(f"/api/v1{path}")
    assert refused.status_code == 422, refused.text
    [wrong] = refused.json()["errors"]
    assert wrong["field"] == field
    assert wrong["message"].startswith("kies uit: ")
    assert exists in wrong["message"]


@pytest.mark.parametrize(
    "path", ["/conflicts?rule=wasted_repair", "/works?owner=proximus", "/dispatch?team=proximus"]
)
def test_a_filter_on_a_word_that_exists_may_find_nothing(service: Service, path: str) -> None:
    with service.as_("coordinator") as client:
        found = client.get(f"/api/v1{path}")
    assert (found.status_code, found.json()["items"]) == (200, [])


@pytest.mark.parametrize(
    ("asked", "field", "exists"),
    [
        ({"source": "Gipod 2"}, "source", "gipod-ldes"),
        (
            {"source": "works", "url": "https://example.org/a.csv", "mapping": "../etc/osiris"},
            "mapping",
            "osiris",
        ),
        ({"source": "gipod", "accept_shrink": "yes"}, "accept_shrink", "true of false"),
        ({"source": "gipod", "accept_shrink": 1}, "accept_shrink", "true of false"),
    ],
)
def test_an_import_of_what_is_not_there_names_what_is(
    service: Service, asked: dict[str, object], field: str, exists: str
) -> None:
    with service.as_("coordinator") as client:
        refused = client.post("/api/v1/imports", json=asked)
    assert refused.status_code == 422, refused.text
    [wrong] = refused.json()["errors"]
    assert wrong["field"] == field
    assert exists in wrong["message"]


def test_a_form_says_true_and_false_in_words(service: Service) -> None:
    file = {"file": ("page.json", b"{}")}
    with service.as_("coordinator") as client:
        meant, wrong = (
            client.post("/api/v1/imports", data={"source": "gipod", "accept_shrink": said}, files=file)
            for said in ("true", "yes")
        )
    assert (meant.status_code, meant.json()["accept_shrink"]) == (202, True)
    assert wrong.status_code == 422
