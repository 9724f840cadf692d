"""What a query for features may not ask for, and how far its pages go."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ogc.test_features import EPSG, ITEMS, read, refusal, titles
from tests.serving import Service


@pytest.mark.parametrize(
    ("query", "field"),
    [
        *(({"offset": one}, "offset") for one in ("-1", "1e9", "x", "", "1000000000", "100001")),
        *(({"limit": one}, "limit") for one in ("0", "-1", "1e9", "x", "", "٣", "1.5")),
        *(({"bbox": one}, "bbox") for one in ("NaN,1,2,3", "1,2,3", "1,2,3,4,5", "3.1,50.8,nan,3.3,51,1", "3.3,50.8,3.1,51", "3.1,51,3.3,50.8", "170,50,-170,52", "inf,1,2,3", "a,b,c,d")),
        *(({name: "EPSG:9999"}, name) for name in ("crs", "bbox-crs", "filter-crs")), ({"crs": f"{EPSG}/3857"}, "crs"),
        *(({"datetime": one}, "datetime") for one in ("soon", "2026-02-30", "2026-11-23T10:00:00", "2027-01-01/2026-01-01", "a/b/c", "2026-11-23T25:00:00Z")),
        ({"f": "nonsense"}, "f"), ({"f": "JSON"}, "f"), ({"offset": "1000000000"}, "offset"), ({"nothing": "1"}, "nothing"), ({"own'er;--": "x"}, "own'er;--"),
        ({"sortby": "nothing"}, "sortby"), ({"sortby": "utilities"}, "sortby"), ({"sortby": "a\";drop"}, "sortby"), ({"sortby": "title," * 5 + "title"}, "sortby"),
        ({"properties": "title,nothing"}, "properties"), ({"skipGeometry": "1"}, "skipGeometry"), ({"resultType": "all"}, "resultType"), ({"filter-lang": "sql"}, "filter-lang"),
        *(({"cursor": one}, "cursor") for one in ("abc", "WyJ4Il0", "W10", "eyJhIjoxfQ", "WzFd", "é", "WyJcdWQ4MDAiXQ")), ({"phases": "x"}, "phases"), ({"opens_surface": "2"}, "opens_surface"),
        ({"starts_on": "2026-99-01"}, "starts_on"), ({"title": "a\x00"}, "title"), ({"filter": "phases / 0 = 1"}, "filter"), ({"filter": "phases^9^9^9^9 > 2"}, "filter"),
        ({"filter": "phases > " + "9" * 5000}, "filter"), ({"filter": '{"op":"\\ud800","args":[1,2]}', "filter-lang": "cql2-json"}, "filter"),
        ({"filter": '{"op":"=","args":[{"property":"\\ud800"},1]}', "filter-lang": "cql2-json"}, "filter"), ({"filter": '{"op":"=","args":[{"\\ud800":1},1]}', "filter-lang": "cql2-json"}, "filter"),
        ({"filter": "[" * 5000, "filter-lang": "cql2-json"}, "filter"), ({"filter": '{"op":"not","args":[' * 900 + "true" + "]}" * 900, "filter-lang": "cql2-json"}, "filter"),
    ],
)  # fmt: skip
def test_bad_input_is_400_and_says_where(
    ogc: Service, scene: dict[str, Any], query: dict[str, str], field: str
) -> None:
    assert refusal(ogc, ITEMS, **query) == (400, field)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"bbox": "3.1,50.8,3.3,51", "bbox-crs": f"{EPSG}/4326"}, "west,south,east,north: it must be south,west,north,east"),
        ({"bbox": "51,3.3,50.8,3.1", "bbox-crs": f"{EPSG}/4326"}, "must be south,west,north,east: west (3.3) is larger"),
        ({"bbox": "66000,177000,70000,182000"}, f"say ?bbox-crs={EPSG}/31370"),
    ],
)  # fmt: skip
def test_a_box_is_refused_in_the_words_of_its_reference_system(
    ogc: Service, scene: dict[str, Any], query: dict[str, str], words: str
) -> None:
    with ogc.as_("viewer", **{"Accept-Language": "en"}) as client:
        answer = client.get(ITEMS, params=query)
    assert answer.status_code == 400
    assert words in answer.json()["errors"][0]["message"]


def test_a_parameter_that_is_given_twice_is_refused(ogc: Service, scene: dict[str, Any]) -> None:
    assert refusal(ogc, f"{ITEMS}?owner=a&owner=b") == (400, "owner")
    assert refusal(ogc, "/ogc?x=1") == (400, "x")
    assert refusal(ogc, "/ogc/collections?limit=1") == (400, "limit")


@pytest.mark.parametrize(
    "path",
    [
        "/ogc/x",
        "/ogc/collections/x",
        "/ogc/collections/x/items",
        f"{ITEMS}/x",
        f"{ITEMS}/00000000-0000-0000-0000-000000000000",
    ],
)
def test_what_is_not_there_is_404(ogc: Service, scene: dict[str, Any], path: str) -> None:
    assert refusal(ogc, path)[0] == 404


def test_an_offset_leaves_out_the_first_and_the_next_page_goes_on(
    ogc: Service, scene: dict[str, Any]
) -> None:
    page = read(ogc, ITEMS, sortby="title", offset=1, limit=1)
    assert ([one["properties"]["title"] for one in page["features"]], page["numberMatched"]) == (
        ["Glasvezel"],
        3,
    )
    next_ = next(link["href"] for link in page["links"] if link["rel"] == "next")
    assert [one["properties"]["title"] for one in read(ogc, next_)["features"]] == ["Markt"]
    assert titles(ogc, offset=3) == []


def test_a_limit_beyond_the_largest_is_the_largest(ogc: Service, scene: dict[str, Any]) -> None:
    assert len(read(ogc, ITEMS, limit=1_000_000_000)["features"]) == 3
