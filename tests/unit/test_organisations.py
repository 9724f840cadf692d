"""One company, many names."""

import pytest

from geo_service import city
from geo_service.store import organisations

GROUPS = city.load().owner_groups
PREFIXES = sorted(
    ((prefix, group.id) for group in GROUPS for prefix in group.prefixes),
    key=lambda row: -len(row[0]),
)


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("Proximus Area 2.1", "proximus"),
        ("BELGACOM NV", "proximus"),
        ("Eandis System Operator", "fluvius"),
        ("Fluvius Antwerpen", "fluvius"),
        ("De Watergroep - Provincie West-Vlaanderen", "de_watergroep"),
        ("Telenet BVBA", "wyre"),
        ("water-link", "water_link"),
        ("TMVW", "farys"),
        ("Colt Technology Services", "colt"),
        ("Agentschap Wegen en Verkeer - District Pittem", "awv"),
    ],
)
def test_a_name_seen_in_gipod_belongs_to(name: str, group: str) -> None:
    assert organisations._group(name.lower(), PREFIXES) == group


@pytest.mark.parametrize(
    "name", ["Voorhelm Aannemingen", "Digitaal Loket", "Eliasberg BV", "Wyreless NV", "Mijn Proximus"]
)
def test_a_name_that_only_begins_alike_does_not(name: str) -> None:
    assert organisations._group(name.lower(), PREFIXES) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Stad Izegem", "road_authority"), ("Gemeente Ingelmunster", "road_authority"), ("Commune d'Ixelles", "road_authority"),
        ("Stadsbader NV", "other"), ("Aannemingen Stad", "other"),
    ],
)  # fmt: skip
def test_the_kind_is_read_from_the_name(name: str, kind: str) -> None:
    assert organisations.kind_of(name) == kind


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Gemeente Sint-Niklaas", "gemeente_sint_niklaas"), ("  Ville de Liège ", "ville_de_liege"), ("Ünal & Zn.", "unal_zn")],
)  # fmt: skip
def test_a_group_of_its_own_is_named_after_it(name: str, slug: str) -> None:
    assert organisations.slug(name) == slug


def test_no_prefix_stands_in_two_groups() -> None:
    assert len({prefix for prefix, _ in PREFIXES}) == len(PREFIXES)


def test_owners_in_another_script_and_namesakes_of_a_group_stay_apart() -> None:
    names = ("Дорожник", "Строитель", "City", "Stad Gent")
    groups = [organisations.slug(name, {group.id for group in GROUPS}) for name in names]
    assert len(set(groups)) == len(names)
    assert "city" not in groups
    assert organisations.slug("дорожник") == groups[0]
