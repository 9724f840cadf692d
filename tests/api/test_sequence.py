"""The order of works around a repair, by API and in words."""

from __future__ import annotations

from tests.api.scenario import Street, day, plain


def test_the_sewer_comes_before_the_cable_and_both_before_the_footpath(street: Street) -> None:
    cable = street.works((30, 44), across=(0, 2))
    sewer = street.works((60, 90), across=(0, 2), owner="Aquafin")
    repair = street.repair()

    told = street._read(f"/api/v1/repairs/{repair['id']}/sequence")

    assert [step["works_id"] for step in told["first"]] == [sewer["id"], cable["id"]]
    assert (told["repair_from"], told["moves"], told["later"]) == (day(90), False, [])
    assert plain(told["sentence"]).startswith(
        "Eerst riolering (Aquafin), telecom (Proximus), dan dit voetpad: vanaf zo 21 feb 2027. Het voetpad eerst leggen zet € 6."
    )
    assert told["first"][1]["text"] == (
        f"Telecom, Proximus ({cable['source_id']}, wo 23 dec t/m di 5 jan 2027): wacht hierop."
        " Staat te vroeg: de sleuf gaat weer open voor riolering (Aquafin)."
    )


def test_a_repair_with_nothing_on_its_ground_hears_so(street: Street) -> None:
    street.works((30, 44), odd=True)
    repair = street.repair()

    told = street._read(f"/api/v1/repairs/{repair['id']}/sequence")

    assert told["sentence"] == "Er zijn geen werken waarop dit voetpad moet wachten."
    assert (told["first"], told["repair_from"]) == ([], None)


def test_a_finished_repair_has_no_order(street: Street) -> None:
    repair = street.repair()
    street.complete(repair, on=0)

    with street.service.as_("viewer") as viewer:
        refused = viewer.get(f"/api/v1/repairs/{repair['id']}/sequence")

    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")
