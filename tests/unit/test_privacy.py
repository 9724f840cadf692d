"""What people write about themselves into free text: found however it is written, and nothing else is taken for it."""

import time

import pytest

from geo_service.api.schemas.building_projects import ProjectIn
from geo_service.privacy import without_contacts
from geo_service.privacy.names import names_of, of_report

NUMBERS = (
    "0470123456", "+32470123456", "0470 123 456", "0470.123.456", "(0470) 12 34 56", "0470\u00a012\u00a034\u00a056", "0470\u202f123\u202f456",
    "+32 (0)470 12 34 56", "0032 470 12 34 56", "0470/12.34.56", "0470/123456", "051/30.12.34", "051 30 12 34", "09/2661234", "0470_12_34_56",
    "0470,12,34,56", "0 4 7 0 1 2 3 4 5 6", "0470-12-34-56", "0470 – 12 34 56", "０４７０１２３４５６", "0470\u200b123\u200b456", "+31 6 12345678",
    "0033 6 12 34 56 78", "+33612345678", "+44 20 7946 0018", "+1 (202) 555-0123", "+49 30 123456", "0470\n12 34 56", "02 123 45 67",
    "0470·12·34·56", "0470|12|34|56", "0470=12=34=56", "0470;12;34;56", "0470\\12\\34\\56", "0470…12…34…56", "0470&nbsp;12&nbsp;34&nbsp;56", "0470<br>12 34 56",
    "0470%20123%20456", "O470 12 34 56", "470 12 34 56", "⁰⁴⁷⁰¹²³⁴⁵⁶", "⓪④⑦⓪①②③④⑤⑥", "".join(f"{digit}\ufe0f\u20e3" for digit in "0470123456"),
    "04 70 12 34 56", "06-12345678", "06 12 34 56 78", "06.12.34.56.78", "0612345678", "010-1234567", "070 - 3123456", "01 42 68 53 00", "0171/1234567",
    "030/123456", "089 12345678", "07911 123456", "020 7946 0018", "(020) 7946 0018", "0161 496 0000", "06 - 12345678", "+352 621 123 456",
)  # fmt: skip
ADDRESSES = (
    "jan@example.be", "jan @ example.be", "jan @ example . be", "jan.peeters+put@mail.example.be", "jan(at)example.be", "jan [at] example.be", "jan{at}example{dot}be", "jan(at)example(punt)be",
    "jan at example dot be", "jan＠example.be", "jan@exa\u200bmple.be", "JAN(AT)EXAMPLE.BE",
    "jan at example.be", "jan arobase example.be", "jan@example,be", "jan@example punt be", "jan @ example dot be", "jan(a)example.be", "jan_at_example.be",
    "jan -at- example -dot- be", "jan*at*example*dot*be", "jan&#64;example.be", "jan%40example.be", '"jan peeters"@example.be', "jan․peeters@example․be", "jan@@example.be",
    "JAN AT EXAMPLE.BE", "jan apenstaart example.io", "jan at mail.example.co.uk",
)  # fmt: skip
NEITHER = (
    "12345678", "2026-11-29", "29/11/2026", "01/02/2026 8 uur", "01/02/2026 - 05/03/2026", "van 01.02.2026 tot 05.03.2026", "GIPOD 10123456", "H-2026-000123",
    "80123.45 190456.78", "080123 190456", "€ 1 234 567", "50.9152, 3.2131", "EAN 541448860012345678", "KBO 0207.437.468", "BE0207437468", "8870 Izegem",
    "ref 2026/0123/456", "12 34 56 78", "IBAN BE71 0961 2345 6769", "08:00 - 17:00", "0199fd2a-1234-7000-8000-0123456789ab", "werken @ straat. Bel niet aan",
    "kijk at the corner", "3 @ 5", "", "H-1012", "C-1000", "dossier ABC-123", "dossier 123-ABC", "Kerkstraat 5 BUS 201", "3 VAN 120 TEGELS", "nr. 12-14",
    "KBO 0207437468", "01.09.2021 06:00", "05/11/2020 07:00 - 17:00", "workassignment/350392?crs=WGS84", "€ 470 12 34 56",
    "OMV-2024-123", "auto aan 500 EUR", "wagen op 100 m", "vak 12B", "1-ABC-1234", "x1-ABC-123", "9ABC1234",
    "dossier 0969400272 hier", "0171123456789", "nr 0661.603.940", "BE 0593.565.665", "0661 603 940", "van 0800-1700 uur", "0800 - 1700 uur",
    "040 - 050 - 063 mm", "0800-1700u", "The hole is at number.Please fill it", "kijk at hoek.De put", "bedrag 493 52 58 98",
    "kost 495 12 34 56", "495 12 34 56 EUR", "495 12 34 56€", "480 12 50 00 mm",
)  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("around", ["{}", "Put. Bel {} aub", "tel:{}.", "gsm {}/thuis", "({})"])
def test_a_telephone_number_is_taken_out(number: str, around: str) -> None:
    assert without_contacts(around.format(number)) == around.format("[tel.]")


@pytest.mark.parametrize("glued", ["gsm0470123456", "bel0470 12 34 56", "0470 12 34 56bel"])
def test_a_number_that_stands_against_a_word_is_taken_out_too(glued: str) -> None:
    assert "[tel.]" in without_contacts(glued)
    assert not any(letter.isdigit() for letter in without_contacts(glued))


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_e_mail_address_is_taken_out(address: str) -> None:
    assert without_contacts(f"Vragen: {address}.") == "Vragen: [e-mail]."


PLATES = ("1-ABC-123", "2-xyz-987", "1.ABC.123", "1·ABC·123", "1ABC123", "T-XAB-123", "Q-ABC-123")
BEHIND_A_WORD = ("ABC-123", "ABC 123", "123-ABC", "123 ABC", "abc-123", "1 ABC 123")


@pytest.mark.parametrize("plate", PLATES)
@pytest.mark.parametrize("around", ["{}", "De auto ({}) staat erop", "Zie {}, blauw"])
def test_a_licence_plate_is_masked(plate: str, around: str) -> None:
    assert without_contacts(around.format(plate)) == around.format("[nummerplaat]")


@pytest.mark.parametrize("plate", BEHIND_A_WORD)
@pytest.mark.parametrize("around", ["nummerplaat {}", "Wagen met nummerplaat: {}.", "blauwe bestelwagen {}", "plaat nr. {}", "auto met plaat {}"])  # fmt: skip
def test_an_older_plate_is_masked_behind_a_word_for_it(plate: str, around: str) -> None:
    assert without_contacts(around.format(plate)) == around.format("[nummerplaat]")


@pytest.mark.parametrize(
    ("names", "text", "public"),
    [
        (["Jan Peeters"], "groeten, jan peeters", "groeten, [naam]"),
        (["Jan Peeters"], "PEETERS Jan belt", "[naam] belt"),
        (["Jan Peeters"], "Peeters, Jan", "[naam]"),
        (["Jan", "Peeters"], "Jan zegt: bij Peeters", "[naam] zegt: bij [naam]"),
        (["jan peeters"], "Jan belt, PEETERS ook", "[naam] belt, [naam] ook"),
        (["Anne-Marie D'Hondt"], "Anne-Marie D'Hondt", "[naam]"),
        (["Jan Breydel"], "put in de Jan Breydelstraat", "put in de Jan Breydelstraat"),
        (["Jan Peeters"], "Peetersstraat en Sint-Jan", "Peetersstraat en Sint-Jan"),
        (["Piet Put"], "diepe put", "diepe put"),
        (["An Van den Berg"], "van den hoek", "van den hoek"),
        ([".*", "(", "Jan("], "alles ( blijft", "alles ( blijft"),
    ],
)
def test_the_reporters_own_name_is_masked(names: list[str], text: str, public: str) -> None:
    assert of_report(text, names) == public


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("bij mevr. De Smet aan de deur", "bij mevr. [naam] aan de deur"),
        ("familie Van den Berghe", "familie [naam]"),
        ("de heer Luc Claes belt aan", "de heer [naam] belt aan"),
        ("Kerkstraat 12, Marie Claes", "Kerkstraat 12, [naam]"),
        ("Kerkstraat 12 bus 3 (Luc Van Damme)", "Kerkstraat 12 bus 3 ([naam])"),
        ("An De Smet, Roeselaarsestraat 12", "[naam], Roeselaarsestraat 12"),
        ("Put voor Kerkstraat 12, 8870 Izegem", "Put voor Kerkstraat 12, 8870 Izegem"),
        ("Kerkstraat 12, Fluvius Kortrijk", "Kerkstraat 12, Fluvius Kortrijk"),
        ("Kerkstraat 12, Diepe put", "Kerkstraat 12, Diepe put"),
        ("Burgemeester Vandenbogaerdelaan 3", "Burgemeester Vandenbogaerdelaan 3"),
        ("Mevrouw Courtmansstraat 5", "Mevrouw Courtmansstraat 5"),
        ("Kerkstraat 12 en Nieuwstraat 3", "Kerkstraat 12 en Nieuwstraat 3"),
    ],
)
def test_people_beside_an_address_or_a_form_of_address_are_masked(text: str, public: str) -> None:
    assert of_report(text) == public == of_report(public)


def test_names_are_read_from_what_a_site_sends() -> None:
    assert names_of({"name": "An", "achternaam": "Claes", "email": "x", "first_name": 3}) == ("An", "Claes")
    assert names_of(None) == ()


@pytest.mark.parametrize("text", NEITHER)
def test_numbers_of_other_things_stay(text: str) -> None:
    assert without_contacts(text) == text


def test_the_names_that_people_give_to_things_are_masked_too() -> None:
    project = ProjectIn.model_validate(
        {"name": "Zwembad, bel 0470 12 34 56", "phases": [{"name": "jan at example.be"}]}
    )
    assert (project.name, project.phases[0].name) == ("Zwembad, bel [tel.]", "[e-mail]")


def test_several_are_taken_out_and_all_else_stays_as_it_was() -> None:
    text = "Diepe put 🕳️ voor nr. 12 — bel 0470 12 34 56/0471 22 33 44 of jan@example.be, dank u"
    assert without_contacts(text) == "Diepe put 🕳️ voor nr. 12 — bel [tel.]/[tel.] of [e-mail], dank u"


def test_what_is_clean_stays_so() -> None:
    cleaned = without_contacts("bel 0470 12 34 56 of jan(at)example.be")
    assert without_contacts(cleaned) == cleaned


@pytest.mark.parametrize(
    "part",
    [
        "a",
        "0470 12 34 5x ",
        "0 ",
        "(",
        "+",
        "a.b-",
        "a@",
        "@a.",
        "jan (at) ",
        "\u200b1",
        "0470123456 ",
        "Aa Bb ",
        "Aaaa",
        "Astraat 1, ",
        "auto met met ",
        "1-ABC-12 ",
        "mevr. Van ",
    ],
)
def test_twice_as_long_a_text_takes_twice_as_long(part: str) -> None:
    def seconds(length: int) -> float:
        start = time.thread_time()  # whatever else the machine does
        of_report(part * (length // len(part)), ["Aa Bb"])
        return time.thread_time() - start

    once, twice = (min(seconds(size) for _ in range(2)) for size in (8_000, 16_000))
    assert twice < 3.2 * once + 0.05
