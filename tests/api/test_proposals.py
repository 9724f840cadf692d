"""A file without a mapping: one is proposed, with ten rows where they would lie; nothing is stored until somebody says so."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from tests.serving import Service

CSV = "nummer;eigenaar;omschrijving;van;tot;lon;lat\n" + "".join(
    f"W{n};Proximus;Glasvezel;{n:02d}/12/2026;2{n % 9}/12/2026;3.21{n:02d};50.92\n" for n in range(1, 13)
)
PLACELESS = CSV.replace("3.2103", "")


def post(
    service: Service, path: str, *, role: str = "utilities_desk", content: str = CSV, **fields: str
) -> httpx.Response:
    with service.as_(role) as client:
        files = {"file": ("werken van mei.csv", content.encode(), "text/csv")}
        client.timeout = httpx.Timeout(120)
        return client.post(f"/api/v1/imports{path}", data={"source": "works", **fields}, files=files)


def stored(service: Service) -> int:
    with service.engine.connect() as conn:
        return int(conn.scalar(sa.text("SELECT (SELECT count(*) FROM works WHERE source LIKE 'werken%') + (SELECT count(*) FROM imports WHERE source LIKE 'werken%')")) or 0)  # fmt: skip


def propose(service: Service, **fields: Any) -> dict[str, Any]:
    answer = post(service, "/proposal", **fields)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_ten_rows_say_what_they_hold_and_where_they_lie_and_nothing_is_stored(service: Service) -> None:
    proposal = propose(service)
    assert proposal["error"] is None and 'target = "works"' in proposal["text"]
    assert len(proposal["rows"]) == 10
    first = proposal["rows"][0]
    assert (first["id"], first["cells"]["owner"], first["cells"]["title"]) == ("W1", "Proximus", "Glasvezel")
    assert first["geometry"]["coordinates"] == pytest.approx([3.2101, 50.92], abs=1e-5)
    assert stored(service) == 0


def test_a_row_that_would_be_left_out_says_why(service: Service) -> None:
    rows = propose(service, content=PLACELESS)["rows"]
    assert [row["id"] for row in rows if row["refused"]] == ["W3"]
    assert rows[2]["geometry"] is None


def test_a_mapping_that_was_changed_is_tried_and_taken_with_the_file(service: Service) -> None:
    text = propose(service)["text"].replace('["omschrijving"]', '["eigenaar"]')
    assert propose(service, mapping_text=text)["rows"][0]["cells"]["title"] == "Proximus"
    answer = post(service, "", mapping="werken-van-mei", mapping_text=text)
    assert answer.status_code == 202, answer.text
    assert (answer.json()["status"], answer.json()["mapping"]) == ("queued", "werken-van-mei")
    again = post(service, "", mapping="werken-van-mei")
    assert again.status_code == 202, again.text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"mapping": "a", "mapping_text": "not toml ["}, "mapping"),
        ({"mapping_text": "x = 1"}, "mapping_text"),
        ({"mapping": "../escape", "mapping_text": "x = 1"}, "mapping"),
    ],
)
def test_a_mapping_that_cannot_be_is_named(service: Service, fields: dict[str, str], field: str) -> None:
    answer = post(service, "", **fields)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"].startswith(field)


def test_a_file_that_is_none_is_said_in_words(service: Service) -> None:
    proposal = propose(service, content="\x00\x01")
    assert proposal["text"] is None and proposal["error"]["message"]
    assert post(service, "/proposal", role="viewer").status_code == 403
