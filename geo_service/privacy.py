"""Personal data that people write into free text does not come in: the one cleaner, for every way in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from phonenumbers import PhoneNumberMatcher

COUNTRY = "BE"
"""Whose numbers may be written without the number of their country."""
FEWEST_DIGITS = 6

E_MAIL, PHONE = "[e-mail]", "[tel.]"

_NAME, _LABEL = (
    r"[\w.+-]{1,64}",
    r"[\w-]{1,63}",
)  # bounded: an endless word costs its length, not the square of it
_OPEN, _CLOSE = r"\s?[(\[{<]\s?", r"\s?[)\]}>]\s?"
_DOT = rf"(?:\.|{_OPEN}(?:dot|punt|\.){_CLOSE})"
_ADDRESSES = re.compile(
    rf"{_NAME}@{_LABEL}(?:{_DOT}{_LABEL}){{1,8}}"
    rf"|{_NAME}{_OPEN}(?:at|@|apenstaart(?:je)?){_CLOSE}{_LABEL}(?:{_DOT}{_LABEL}){{1,8}}"
    rf"|{_NAME} (?:at|apenstaartje) {_LABEL} (?:dot|punt) [a-z]{{2,10}}\b",
    re.IGNORECASE,
)
# In the shape of a Belgian number, though nobody has it; days are written so too. Bare digits are ids.
_SHAPED = re.compile(
    r"(?<![\w/.])(?!\d{1,2}[./-]\d{1,2}[./-]\d{4}(?!\d))(?:\+32|0032|0)[ .]?(?:\(0\))?\d{1,3}[ ./-]{1,3}\d{2,3}(?:[ .-]?\d{2}){2}(?!\w)"
)
_GLUED = re.compile(r"[^\W\d_]{2,}(?=[+(]?\d)|(?<=\d)[^\W\d_]{2,}")
"""A word that stands against a number: *gsm0470123456*."""
_PLAIN = str.maketrans({"＠": "@", "﹫": "@", "_": " ", ",": " "})


def without_contacts(text: str) -> str:
    """The text with e-mail addresses and telephone numbers taken out, however they are written."""
    masked, places = _masked(text)
    out, done = [], 0
    for start, end, word in sorted(_found(masked)):
        if places[start] >= done:
            out += [text[done : places[start]], word]
            done = places[end - 1] + 1
    return "".join([*out, text[done:]])


def public(text: str | None) -> str | None:
    """The same of a text that may be missing."""
    return text and without_contacts(text)


def _masked(text: str) -> tuple[str, list[int]]:
    """The text as it looks to a reader, letter by letter, and where each letter stands: spaces are spaces, what cannot be seen is not there."""
    kept = [
        (" " if letter.isspace() else letter, place)
        for place, letter in enumerate(text)
        if unicodedata.category(letter) != "Cf"
    ]
    return "".join(letter for letter, _ in kept), [place for _, place in kept]


def _found(masked: str) -> Iterator[tuple[int, int, str]]:
    """Where contacts begin and end."""
    at = masked.translate({ord("＠"): "@", ord("﹫"): "@"})
    for address in _ADDRESSES.finditer(at):
        yield *address.span(), E_MAIL
    if sum(map(str.isdigit, masked)) < FEWEST_DIGITS:
        return
    # without what only looks like a word of the number; as long as before
    spaced = _GLUED.sub(lambda word: "|" * len(word[0]), masked.translate(_PLAIN))
    for number in PhoneNumberMatcher(spaced, COUNTRY, max_tries=len(spaced)):
        said = number.raw_string
        unclosed = said.startswith("(") and said.count("(") > said.count(")")
        yield number.start + unclosed, number.end, PHONE
    for shaped in _SHAPED.finditer(spaced):
        yield *shaped.span(), PHONE
