"""Personal data that people write into free text is masked: the one cleaner, for every way in.

Contacts and licence plates are masked in every text, names of people in reports (`of_report`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from phonenumbers import PhoneNumberMatcher

COUNTRY = "BE"
"""Whose numbers may be written without the number of their country."""
FEWEST_DIGITS = 6

E_MAIL, PHONE, PLATE, NAME = "[e-mail]", "[tel.]", "[nummerplaat]", "[naam]"

Span = tuple[int, int, str]

_NAME, _LABEL = (
    r"[\w.+-]{1,64}",
    r"[\w-]{1,63}",
)  # bounded: an endless word costs its length, not the square of it
_OPEN, _CLOSE = r"\s?[(\[{<]\s?", r"\s?[)\]}>]\s?"
_DOT = rf"(?:\.|{_OPEN}(?:dot|punt|\.){_CLOSE})"
_ADDRESSES = re.compile(
    rf"{_NAME}@{_LABEL}(?:{_DOT}{_LABEL}){{1,8}}"
    rf"|{_NAME}{_OPEN}(?:at|@|apenstaart(?:je)?){_CLOSE}{_LABEL}(?:{_DOT}{_LABEL}){{1,8}}"
    rf"|{_NAME} ?@ ?{_LABEL}(?:\.{_LABEL}){{0,7}}(?: \. |\.)[a-z]{{2,10}}\b"
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


_SEPARATOR = r"[-.·–]"
_NEW_PLATE = re.compile(
    rf"(?<![\w-])(?:[1-9]{_SEPARATOR}[A-Za-z]{{3}}{_SEPARATOR}\d{{3}}|[1-9][A-Z]{{3}}\d{{3}}|[MOQTUXZ]-[A-Z]{{3}}-\d{{3}})(?![\w-])"
)
"""Since 2010; letters in front stand for trailers, taxis and the like."""
_PLATE_BY_ITS_WORD = re.compile(
    r"(?i:\b(?:(?:nummer|kenteken)?plaat|kenteken|plaque|plate|\w{0,12}wagen|auto|camion(?:ette)?|moto|voertuig)"
    r"[ :;,.(]{1,3}(?:(?:met|nr|nummer|nummerplaat|plaat|is|was)[ :.]{1,3}){0,3})"
    r"((?:[1-9][ .-]?)?[A-Z]{3}[ .-]?\d{3}|(?!\d{3} EUR)\d{3}[ .-]?[A-Z]{3}|(?:[1-9]-)?[a-z]{3}-\d{3}|\d{3}-[a-z]{3})(?![\w-])"
)
"""Older ones, and spaced ones, look like ids and like house numbers with a box (`5 BUS 201`): only behind a word for a car or a plate."""


def without_contacts(text: str) -> str:
    """The text with e-mail addresses, telephone numbers and licence plates masked, however they are written."""
    return mask(text, _contacts)


def mask(text: str, find: Callable[[str], Iterator[Span]]) -> str:
    """The text with what `find` finds replaced by its word; `find` sees the text as a reader does."""
    masked, places = _masked(text)
    out, done = [], 0
    for start, end, word in sorted(find(masked)):
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


def _contacts(masked: str) -> Iterator[Span]:
    """Where contacts and licence plates begin and end."""
    for plate in _NEW_PLATE.finditer(masked):
        yield *plate.span(), PLATE
    for plate in _PLATE_BY_ITS_WORD.finditer(masked):
        yield *plate.span(1), PLATE
    at = masked.translate({ord("＠"): "@", ord("﹫"): "@"})
    for address in _ADDRESSES.finditer(at):
        yield *address.span(), E_MAIL
    if sum(map(str.isdigit, masked)) < FEWEST_DIGITS:
        return
    # without what only looks like a word of the number; as long as before
    spaced = _GLUED.sub(lambda word: "|" * len(word[0]), masked.translate(_PLAIN))
    for number in PhoneNumberMatcher(spaced, COUNTRY, max_tries=len(spaced)):
        match_text = number.raw_string
        unclosed = match_text.startswith("(") and match_text.count("(") > match_text.count(")")
        yield number.start + unclosed, number.end, PHONE
    for shaped in _SHAPED.finditer(spaced):
        yield *shaped.span(), PHONE
