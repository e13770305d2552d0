"""The form of a new lead: what was filled in, as a lead, or what is wrong by field."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.leads.changes import NewLead
from bot.leads.headcount import MOST_EMPLOYEES
from bot.leads.rules import email_of
from bot.leads.vocabulary import Source
from bot.reading.names import phone_key
from bot.reading.subject import LONGEST_NAME
from bot.workspace.places import country_of

FIELDS = ("company", "person", "email", "phone", "source", "title", "employees", "country", "said")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a field needs another look: a message key, and what its words name."""

    key: str
    limit: int = 0


Problems = Mapping[str, Problem]


def read(filled: Mapping[str, str]) -> NewLead | Problems:
    """The lead that the form tells of; of a form with problems all of them at once."""
    texts = {field: " ".join(filled.get(field, "").split()) for field in FIELDS} | {"said": filled.get("said", "")}
    problems: dict[str, Problem] = {
        field: Problem("leads.form.long", LONGEST_NAME)
        for field in ("company", "person", "title")
        if len(texts[field]) > LONGEST_NAME
    }
    if not any(map(str.isalnum, texts["company"])):
        problems["company"] = Problem("leads.form.no_company")
    if texts["email"] and not email_of(texts["email"]):
        problems["email"] = Problem("leads.form.no_email")
    if texts["phone"] and not phone_key(texts["phone"]):
        problems["phone"] = Problem("leads.form.no_phone")
    employees = _whole(texts["employees"])
    if texts["employees"] and not 1 <= employees <= MOST_EMPLOYEES:
        problems["employees"] = Problem("leads.form.no_employees", MOST_EMPLOYEES)
    country = _country(texts["country"])
    if texts["country"] and country is None:
        problems["country"] = Problem("leads.form.no_country")
    if problems:
        return problems
    return NewLead(
        texts["company"],
        person=texts["person"] or None,
        email=email_of(texts["email"]),
        phone=texts["phone"] or None,
        source=texts["source"] if texts["source"] in set(Source) else Source.UNKNOWN,
        title=texts["title"] or None,
        employees=employees or None,
        country=country,
        said=texts["said"].strip() or None,
    )


def _whole(text: str) -> int:
    digits = "".join(text.replace(",", "").split())
    return int(digits) if digits.isdecimal() and len(digits) <= len(str(MOST_EMPLOYEES)) else 0


def _country(text: str) -> str | None:
    try:
        return country_of(text) if text else None
    except ValueError:
        return None
