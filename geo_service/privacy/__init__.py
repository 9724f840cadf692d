"""Personal data that people write into free text is masked: the one cleaner, for every way in.

Contacts and licence plates are masked in every text, names of people in reports (`of_report`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

COUNTRY = "BE"
"""Whose numbers may be written in any way without the number of their country."""
NEIGHBOURS = ("NL", "FR", "DE", "GB")
"""Whose numbers are written so too, with the zero and in the groups that are usual there."""
FEWEST_DIGITS = 6

E_MAIL, PHONE, PLATE, NAME = "[e-mail]", "[tel.]", "[nummerplaat]", "[naam]"

Span = tuple[int, int, str]

# Bounded: an endless word costs its length, not the square of it.
_NAME, _LABEL, _TOP = r"[\w.+-]{1,64}", r"[\w-]{1,63}", r"[a-z]{2,10}\b"
_OPEN, _CLOSE = r"\s?[(\[{<*/_-]\s?", r"\s?[)\]}>*/_-]\s?"
_SIGN, _PERIOD = "(?:apenstaart(?:je)?|arobase|arroba)", "(?:dot|punt|point)"
_AT = f"(?:at|{_SIGN})"
_ENDINGS = "be|nl|com|eu|fr|de|net|org|info|brussels|vlaanderen|uk"
# Of an English "at": no sentence that begins behind a point.
_ENDING = rf"(?-i:{_ENDINGS}|{_ENDINGS.upper()})\b"
_DOT = rf"(?:\.|{_OPEN}(?:{_PERIOD}|\.){_CLOSE})"
_ADDRESSES = re.compile(
    rf"(?:{_NAME}|\"[^\"@\n]{{1,64}}\")@{{1,2}}{_LABEL}(?:{_DOT}{_LABEL}){{1,8}}"
    rf"|{_NAME}(?:{_OPEN}(?:{_AT}|@){_CLOSE}|\(a\)){_LABEL}(?:{_DOT}{_LABEL}){{1,8}}"
    rf"|{_NAME} ?@ ?{_LABEL}(?:\.{_LABEL}){{0,7}}(?: \. |\.|,| {_PERIOD} ){_TOP}"
    rf"|{_NAME} (?:{_SIGN} {_LABEL}(?:\.{_LABEL}){{0,7}}(?:\.| {_PERIOD} ){_TOP}|at {_LABEL}(?:\.{_LABEL}){{0,7}}(?:\.| {_PERIOD} ){_ENDING})",
    re.IGNORECASE,
)
_MEASURE = r"(?! ?(?:(?:EUR|euro|uur|u|h|mm|cm|m)\b|€))"
"""No sum, hours or size."""
_DAY = r"\d{1,2}[./-]\d{1,2}[./-]\d{4}(?!\d)"
# In the shape of a Belgian number, though nobody has it, or without its zero; days are written so too. Bare digits are ids.
_SHAPED = re.compile(
    rf"(?<![\w/.])(?!{_DAY})(?:\+32|0032|0)[ .]?(?:\(0\))?\d{{1,3}}[ ./-]{{1,3}}\d{{2,3}}(?:[ .-]?\d{{2}}){{2}}(?!\w)"
    rf"|(?<![\w/.,€-])(?<![€.,] )(?<!bedrag )(?<!kost )(?<!prijs )4[5-9]\d([ .])\d{{2}}\1\d{{2}}\1\d{{2}}(?![\w,]){_MEASURE}"
)
# What may be a number of a neighbour: a zero first, and eight to thirteen digits in all.
_NATIONAL = re.compile(
    rf"(?<![\w+./-])(?<!\d:)(?<!\d )(?!{_DAY})(?:\(0\d{{1,5}}\)|0\d)(?:(?:[ ./-]| [/-] (?=\d{{6}}))?\d){{6,11}}(?![\w:]){_MEASURE}"
)
_DUTCH_MOBILE = re.compile(r"06[1-9]\d{7}")
_COMPANY = re.compile(r"[01]\d{3}([ .])\d{3}\1\d{3}")
_GLUED = re.compile(r"[^\W\d_]{2,}(?=[+(]?\d)|(?<=\d)[^\W\d_]{2,}")
"""A word that stands against a number: *gsm0470123456*."""
_PLAIN = str.maketrans(dict.fromkeys("_,;·•|*=~\\'…", " "))
"""What stands between the groups of a number in the place of a space."""
_LETTER_O = re.compile(r"(?<!\w)[Oo](?=[1-9]\d{1,2}\W)")
_MARKUP = re.compile(
    r"(&nbsp;|&#(?:32|160);|%20|</?(?:br|p|div|span|li|td|tr|b|i) ?/?>)|(&#64;|&commat;|%40)|[\s\S]",
    re.IGNORECASE,
)


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
    masked, places = _mask_letters(text)
    places.append(len(text))
    out, done = [], 0
    for start, end, word in sorted(find(masked), key=lambda span: (span[0], -span[1])):
        if places[start] >= done:
            out += [text[done : places[start]], word]
            done = places[end]
    return "".join([*out, text[done:]])


def public(text: str | None) -> str | None:
    """The same of a text that may be missing."""
    return text and without_contacts(text)


def _mask_letters(text: str) -> tuple[str, list[int]]:
    """The text as it looks to a reader, letter by letter, and where each letter stands: spaces and line breaks of markup are spaces, signs and
    digits of any style are plain ones, what cannot be seen is not there.
    """
    kept = [
        (" " if one[1] else "@" if one[2] else _plain(one[0]), one.start())
        for one in _MARKUP.finditer(text)
        if one[0].isascii() or not _is_invisible(one[0])
    ]
    return "".join(letter for letter, _ in kept), [place for _, place in kept]


def _plain(letter: str) -> str:
    if letter.isascii():
        return " " if letter.isspace() else letter
    normal = unicodedata.normalize("NFKC", letter)
    return " " if letter.isspace() else normal if len(normal) == 1 else letter


def _is_invisible(letter: str) -> bool:
    """Whether it only joins or dresses up its neighbours, such as the frame of a digit on a key."""
    return unicodedata.category(letter[0]) in ("Cf", "Me") or "\ufe00" <= letter[0] <= "\ufe0f"


def _contacts(masked: str) -> Iterator[Span]:
    """Where contacts and licence plates begin and end."""
    for plate in _NEW_PLATE.finditer(masked):
        yield *plate.span(), PLATE
    for plate in _PLATE_BY_ITS_WORD.finditer(masked):
        yield *plate.span(1), PLATE
    for address in _ADDRESSES.finditer(masked):
        yield *address.span(), E_MAIL
    if sum(map(str.isdigit, masked)) >= FEWEST_DIGITS:
        # without what only looks like a word of the number; as long as before
        spaced = _GLUED.sub(lambda word: "|" * len(word[0]), _LETTER_O.sub("0", masked.translate(_PLAIN)))
        yield from _numbers(spaced)


def _numbers(spaced: str) -> Iterator[Span]:
    """Where telephone numbers begin and end."""
    for number in PhoneNumberMatcher(spaced, COUNTRY, max_tries=len(spaced)):
        match_text = number.raw_string
        unclosed = match_text.startswith("(") and match_text.count("(") > match_text.count(")")
        yield number.start + unclosed, number.end, PHONE
    for shaped in _SHAPED.finditer(spaced):
        yield *shaped.span(), PHONE
    for national in _NATIONAL.finditer(spaced):
        if not _is_id(national[0]) and _is_of_neighbour(national[0]):
            yield *national.span(), PHONE


def _is_of_neighbour(number: str) -> bool:
    return any(PhoneNumberMatcher(number, one, Leniency.STRICT_GROUPING).has_next() for one in NEIGHBOURS)


def _is_id(number: str) -> bool:
    """Whether it is no telephone number though it looks so: bare digits, or a Belgian company, *0207.437.468*, whose last two digits are 97
    less the rest of the others.
    """
    if number.isdigit():
        return _DUTCH_MOBILE.fullmatch(number) is None
    digits = re.sub(r"\D", "", number)
    return _COMPANY.fullmatch(number) is not None and 97 - int(digits[:8]) % 97 == int(digits[8:])
