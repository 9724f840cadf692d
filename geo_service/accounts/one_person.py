"""One person's data, wherever they are: found, handed over, erased (GDPR, articles 15 and 17).

Citizens' data are sealed, so every row of them is opened to look: seconds for a town.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from phonenumbers import PhoneNumberFormat, PhoneNumberMatcher, format_number

from geo_service import db
from geo_service.coordination import assignments
from geo_service.domain.contacts import Contact
from geo_service.domain.errors import InvalidInput
from geo_service.domain.users import User
from geo_service.privacy import COUNTRY
from geo_service.privacy.names import NAME_FIELDS, names_of
from geo_service.store import audit, photos, users
from geo_service.store import contacts as contacts_store
from geo_service.store import repairs as repairs_store
from geo_service.store.contacts import AddressBook
from geo_service.store.tables import (
    attachments,
    claim_files,
    conflicts,
    duplicates,
    imports,
    joint_projects,
    project_contacts,
    project_files,
    renumberings,
    repairs,
    report_messages,
    reporters,
    requests,
    rules,
    second_factors,
    sessions,
    sign_in_links,
    sign_in_steps,
    street_letters,
    subscriptions,
    works_contacts,
)
from geo_service.store.tables import photos as photos_table
from geo_service.vault import Vault

PACKAGE = "geo_service.store"
NAMED = (
    conflicts.c.person, duplicates.c.decided_by, joint_projects.c.decided_by, renumberings.c.decided_by, rules.c.changed_by,
    imports.c.asked_by, imports.c.cancelled_by, requests.c.asked_by, requests.c.answered_by, subscriptions.c.made_by,
    claim_files.c.sent_by, claim_files.c.answered_by, attachments.c.sent_by,
    works_contacts.c.changed_by, project_contacts.c.changed_by, project_files.c.sent_by,
)  # fmt: skip
"""Where the name of who did something stands beside what was done."""
_E_MAIL = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,255}")


@dataclass(frozen=True, slots=True)
class Person:
    """The person of a request about personal data. All given fields must match."""

    email: str | None = None
    phone: str | None = None
    name: str | None = None

    def check(self) -> None:
        """Raises InvalidInput when nothing is given, or no telephone number."""
        if not any((self.email, self.phone, self.name)):
            raise InvalidInput.one("person", "person_missing")
        if self.phone and not set(_numbers(self.phone)):
            raise InvalidInput.one("phone", "not_a_phone")

    def matches(self, details: Mapping[str, Any]) -> bool:
        """Whether these details are of this person."""
        texts = list(_texts(details))
        return (
            (not self.email or self.email.casefold() in {one.casefold() for text in texts for one in _E_MAIL.findall(text)})
            and (not self.phone or bool(set(_numbers(self.phone)) & {one for text in texts for one in _numbers(text)}))
            and (not self.name or _words(self.name) in _names(details))
        )  # fmt: skip

    def is_user(self, user: User) -> bool:
        """Whether this is that account."""
        return (
            not self.phone
            and (not self.email or user.email.casefold() == self.email.casefold())
            and (not self.name or _words(user.name) == _words(self.name))
        )


@dataclass(frozen=True, slots=True)
class Holdings:
    """What there is of one person: ids of reports, messages and photos, accounts, the works and building projects about which
    it is called, and the e-mails about a street that it wants."""

    reports: tuple[UUID, ...]
    messages: tuple[UUID, ...]
    photos: tuple[UUID, ...]
    users: tuple[User, ...]
    called: tuple[tuple[AddressBook, UUID], ...]
    letters: tuple[UUID, ...]

    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {
            "reports": len(self.reports),
            "messages": len(self.messages),
            "photos": len(self.photos),
            "users": len(self.users),
            "contacts": len(self.called),
            "letters": len(self.letters),
        }


def find(conn: sa.Connection, vault: Vault, person: Person) -> Holdings:
    """Return what there is of a person. Raises InvalidInput, PersonalKeyMissing, PersonalKeyWrong."""
    person.check()
    details = conn.execute(sa.select(reporters.c.repair_id, reporters.c.sealed)).all()
    reports = {row.repair_id for row in details if person.matches(vault.open_json(row.sealed))}
    letters = conn.execute(
        sa.select(report_messages.c.id, report_messages.c.repair_id, report_messages.c.sealed)
    ).all()
    messages = {
        row.id for row in letters if _is_of(person, vault.open_json(row.sealed), row.repair_id in reports)
    }
    pictures = photos_table.c
    with_report = sa.and_(pictures.repair_id.in_(reports), pictures.message_id.is_(None))
    picture_ids = conn.scalars(
        sa.select(pictures.id).where(sa.or_(with_report, pictures.message_id.in_(messages)))
    )
    accounts = tuple(user for user in users.find(conn) if person.is_user(user))
    called = tuple(
        (book, row.thing_id)
        for book in (contacts_store.OF_WORKS, contacts_store.OF_PROJECTS)
        for row in conn.execute(sa.select(book.thing_id.label("thing_id"), book.table.c.sealed))
        if any(map(person.matches, vault.open_json(row.sealed)))
    )
    wanted = conn.execute(sa.select(street_letters.c.id, street_letters.c.sealed)).all()
    own = tuple(row.id for row in wanted if person.matches(vault.open_json(row.sealed)))
    return Holdings(tuple(reports), tuple(messages), tuple(picture_ids), accounts, called, own)


def export(conn: sa.Connection, vault: Vault, person: Person) -> dict[str, Any]:
    """Return all that there is of a person, to hand over; photos as base64. On record."""
    held = find(conn, vault, person)
    contents = {
        "reports": [_report(conn, vault, one) for one in held.reports],
        "messages": [_message(conn, vault, one) for one in held.messages],
        "photos": [_photo(conn, vault, one) for one in held.photos],
        "users": [_account(conn, one) for one in held.users],
        "contacts": [_contact(conn, vault, *one, person) for one in held.called],
        "letters": [_letter(conn, vault, one) for one in held.letters],
    }
    _record(conn, "personal_data_exported", held)
    return contents


def erase(conn: sa.Connection, vault: Vault, person: Person) -> dict[str, int]:
    """Erase all that there is of a person; return the counts. On record.

    A repair stays, as the hole does, with its name masked in the text. In the trails an account keeps a pseudonym.
    """
    held = find(conn, vault, person)
    conn.execute(sa.delete(photos_table).where(photos_table.c.id.in_(held.photos)))
    conn.execute(sa.delete(report_messages).where(report_messages.c.id.in_(held.messages)))
    conn.execute(sa.delete(reporters).where(reporters.c.repair_id.in_(held.reports)))
    conn.execute(sa.delete(street_letters).where(street_letters.c.id.in_(held.letters)))
    for book, thing_id in held.called:
        others = [one for one in _contacts_of(conn, vault, book, thing_id) if not person.matches(asdict(one))]
        contacts_store.keep(conn, vault, book, thing_id, others, audit.COMMAND_LINE)
    for user in held.users:
        _erase_user(conn, user)
    _record(conn, "personal_data_erased", held)
    return held.counts()


def pseudonym(user: User) -> str:
    """What stands in the trails for somebody who was erased: the same for all that this account did."""
    return f"erased-{user.id.hex[-12:]}"


def _erase_user(conn: sa.Connection, user: User) -> None:
    name = pseudonym(user)
    assignments.hand_back(conn, user, audit.COMMAND_LINE, None)
    for table in (sessions, sign_in_links, sign_in_steps, second_factors):
        conn.execute(sa.delete(table).where(table.c.user_id == user.id))
    own = sa.or_(subscriptions.c.user_id == user.id, subscriptions.c.target == user.email)
    conn.execute(sa.delete(subscriptions).where(own))
    words: dict[str, Any] = {"name": user.name, "pseudonym": name}
    db.fetch(conn, PACKAGE, "erase_allow", **words)  # the triggers of the trails let this one change through
    db.execute(conn, PACKAGE, "erase_audit", user_id=user.id, **words)
    db.execute(conn, PACKAGE, "erase_events", actor_id=f"user:{user.id}", **words)
    for column in NAMED:
        conn.execute(sa.update(column.table).where(column == user.name).values({column.name: name}))
    users.change(
        conn,
        user.id,
        name=name,
        email=name,
        preferences={},
        language=None,
        password_hash=None,
        disabled_at=sa.func.now(),
        **({"subject": name} if user.issuer else {}),
    )


def _record(conn: sa.Connection, action: audit.Action, held: Holdings) -> None:
    things = {"user_ids": [str(user.id) for user in held.users]}
    audit.record(
        conn, audit.Actor(audit.COMMAND_LINE), action, "personal_data:person", **held.counts(), **things
    )


def _is_of(person: Person, message: Mapping[str, Any], with_report: bool) -> bool:
    """Whether a message is of this person: it says so, or stands with the person's report and says nothing of who wrote it."""
    details = message["details"] or {}
    if person.matches({**details, "text": message["text"]}):
        return True
    anonymous = not names_of(details) and not any(_E_MAIL.search(text) for text in _texts(details))
    return with_report and anonymous


def _report(conn: sa.Connection, vault: Vault, repair_id: UUID) -> dict[str, Any]:
    row = conn.execute(sa.select(repairs, reporters.c.sealed).join(reporters).where(repairs.c.id == repair_id)).mappings().one()  # fmt: skip
    plain = ("number", "source", "category", "status", "reported_at", *repairs_store.FREE_TEXTS)
    return {**{name: row[name] for name in plain}, "reporter": vault.open_json(row["sealed"])}


def _message(conn: sa.Connection, vault: Vault, message_id: UUID) -> dict[str, Any]:
    row = conn.execute(sa.select(report_messages).where(report_messages.c.id == message_id)).mappings().one()
    return {"said_at": row["said_at"], "status": row["status"], **vault.open_json(row["sealed"])}


def _photo(conn: sa.Connection, vault: Vault, photo_id: UUID) -> dict[str, Any]:
    row = conn.execute(sa.select(photos_table).where(photos_table.c.id == photo_id)).mappings().one()
    content = photos.content(conn, vault, row["repair_id"], photo_id)
    return {"received_at": row["received_at"], "jpeg": base64.b64encode(content).decode()}


def _contacts_of(conn: sa.Connection, vault: Vault, book: AddressBook, thing_id: UUID) -> list[Contact]:
    return contacts_store.opened(vault, contacts_store.find(conn, book, thing_id))


def _contact(
    conn: sa.Connection, vault: Vault, book: AddressBook, thing_id: UUID, person: Person
) -> dict[str, Any]:
    own = [asdict(one) for one in _contacts_of(conn, vault, book, thing_id) if person.matches(asdict(one))]
    return {book.key: thing_id, "contacts": own}


def _letter(conn: sa.Connection, vault: Vault, letter_id: UUID) -> dict[str, Any]:
    row = conn.execute(sa.select(street_letters).where(street_letters.c.id == letter_id)).mappings().one()
    kept = {name: row[name] for name in ("street", "language", "created_at", "confirmed_at")}
    return {**kept, "address": vault.open_json(row["sealed"])["address"]}


def _account(conn: sa.Connection, user: User) -> dict[str, Any]:
    acts = audit.of_user(conn, user.id)
    return {**asdict(user), "acts": [dict(row) for row in acts]}


def _texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    todo = [value]
    while todo:
        part = todo.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, Mapping):
            todo.extend(part.values())
        elif isinstance(part, list | tuple):
            todo.extend(part)


def _numbers(text: str) -> Iterator[str]:
    """The telephone numbers in a text, all written in one way (E.164)."""
    for number in PhoneNumberMatcher(text, COUNTRY):
        yield format_number(number.number, PhoneNumberFormat.E164)


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.casefold()))


def _names(details: Mapping[str, Any]) -> set[frozenset[str]]:
    """The names in the details, each as its words; first and last name together as one."""
    full_name = " ".join(names_of({field: details.get(field) for field in NAME_FIELDS if field != "name"}))
    return {_words(name) for name in (*names_of(details), full_name) if name}
