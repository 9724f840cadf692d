"""What people write about themselves into free text: found however it is written, and nothing else is taken for it."""

import time

import pytest

from geo_service.privacy import without_contacts

NUMBERS = (
    "0470123456", "+32470123456", "0470 123 456", "0470.123.456", "(0470) 12 34 56", "0470\u00a012\u00a034\u00a056", "0470\u202f123\u202f456",
    "+32 (0)470 12 34 56", "0032 470 12 34 56", "0470/12.34.56", "0470/123456", "051/30.12.34", "051 30 12 34", "09/2661234", "0470_12_34_56",
    "0470,12,34,56", "0 4 7 0 1 2 3 4 5 6", "0470-12-34-56", "0470 – 12 34 56", "０４７０１２３４５６", "0470\u200b123\u200b456", "+31 6 12345678",
    "0033 6 12 34 56 78", "+33612345678", "+44 20 7946 0018", "+1 (202) 555-0123", "+49 30 123456", "0470\n12 34 56", "02 123 45 67",
)  # fmt: skip
ADDRESSES = (
    "jan@example.be", "jan.peeters+put@mail.example.be", "jan(at)example.be", "jan [at] example.be", "jan{at}example{dot}be", "jan(at)example(punt)be",
    "jan at example dot be", "jan＠example.be", "jan@exa\u200bmple.be", "JAN(AT)EXAMPLE.BE",
)  # fmt: skip
NEITHER = (
    "12345678", "2026-11-29", "29/11/2026", "01/02/2026 8 uur", "01/02/2026 - 05/03/2026", "van 01.02.2026 tot 05.03.2026", "GIPOD 10123456", "H-2026-000123",
    "80123.45 190456.78", "080123 190456", "€ 1 234 567", "50.9152, 3.2131", "EAN 541448860012345678", "KBO 0207.437.468", "BE0207437468", "8870 Izegem",
    "ref 2026/0123/456", "12 34 56 78", "IBAN BE71 0961 2345 6769", "08:00 - 17:00", "0199fd2a-1234-7000-8000-0123456789ab", "werken @ straat. Bel niet aan",
    "kijk at the corner", "3 @ 5", "",
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


@pytest.mark.parametrize("text", NEITHER)
def test_numbers_of_other_things_stay(text: str) -> None:
    assert without_contacts(text) == text


def test_several_are_taken_out_and_all_else_stays_as_it_was() -> None:
    text = "Diepe put 🕳️ voor nr. 12 — bel 0470 12 34 56/0471 22 33 44 of jan@example.be, dank u"
    assert without_contacts(text) == "Diepe put 🕳️ voor nr. 12 — bel [tel.]/[tel.] of [e-mail], dank u"


def test_what_is_clean_stays_so() -> None:
    cleaned = without_contacts("bel 0470 12 34 56 of jan(at)example.be")
    assert without_contacts(cleaned) == cleaned


@pytest.mark.parametrize(
    "part",
    ["a", "0470 12 34 5x ", "0 ", "(", "+", "a.b-", "a@", "@a.", "jan (at) ", "\u200b1", "0470123456 "],
)
def test_twice_as_long_a_text_takes_twice_as_long(part: str) -> None:
    def seconds(length: int) -> float:
        start = time.perf_counter()
        without_contacts(part * (length // len(part)))
        return time.perf_counter() - start

    once, twice = (min(seconds(size) for _ in range(2)) for size in (50_000, 100_000))
    assert twice < 3.2 * once + 0.1
