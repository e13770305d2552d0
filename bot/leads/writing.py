"""Writes lines of `/lead` that read back as what they were made of: the corrected examples."""

from datetime import date

from bot.leads.said import New
from bot.leads.vocabulary import OWN_WORDS, Source
from bot.reading.subject import as_typed
from bot.reading.text import quoted

_EN = {
    "new": "new",
    "show": "show",
    "queue": "queue",
    "help": "help",
    "rules": "rules",
    "sources": "sources",
    "why": "why",
    "score": "score",
    "nurture": "nurture",
    "claim": "claim",
    "release": "release",
    "merge": "merge",
    "until": "until",
    "into": "into",
    "contact": "contact",
    "title": "title",
    "employees": "employees",
    "country": "country",
    "source": "source",
    "reason": "asked for a quote",
    "other": "Globex",
}
_RU = {
    "new": "новый",
    "show": "показать",
    "queue": "очередь",
    "help": "помощь",
    "rules": "правила",
    "sources": "источники",
    "why": "почему",
    "score": "балл",
    "nurture": "прогрев",
    "claim": "взять",
    "release": "вернуть",
    "merge": "объединить",
    "until": "до",
    "into": "в",
    "contact": "контакт",
    "title": "должность",
    "employees": "сотрудников",
    "country": "страна",
    "source": "источник",
    "reason": "просили цену",
    "other": "Globex",
    Source.WEBSITE: "сайт",
    Source.WEBINAR: "вебинар",
    Source.WHITEPAPER: "материал",
    Source.NEWSLETTER: "рассылка",
    Source.EVENT: "мероприятие",
    Source.REFERRAL: "рекомендация",
    Source.PARTNER: "партнёр",
    Source.ADS: "реклама",
    Source.SOCIAL: "соцсети",
    Source.OUTBOUND: "исходящий поиск",
    Source.CUSTOMER: "действующий клиент",
    Source.IMPORT: "импорт",
    Source.UNKNOWN: "неизвестно",
}
SAMPLE = "Acme"
"""The company of an example where none was said."""


def word(key: str, language: str) -> str:
    """How a word of `/lead` is typed in the language."""
    return (_RU if language == "ru" else _EN).get(key, str(key))


def name_of(name: str | None) -> str:
    """A name as it is typed; the sample for none."""
    return as_typed(name or SAMPLE, OWN_WORDS)


def about(verb: str, name: str | None, language: str) -> str:
    """`claim Acme`."""
    return f"{word(verb, language)} {name_of(name)}"


def score(name: str | None, points: int, why: str | None, language: str) -> str:
    """`score Acme +10 "asked for a quote"`."""
    return f"{about('score', name, language)} {points:+d} {quoted(why or word('reason', language))}"


def nurture(name: str | None, until: date, note: str | None, language: str) -> str:
    """`nurture Acme until 2027-01-15`."""
    tail = f" - {note}" if note else ""
    return f"{about('nurture', name, language)} {word('until', language)} {until}{tail}"


def merge(name: str | None, into: str | None, language: str) -> str:
    """`merge Acme into Globex`."""
    other = into or (word("other", language) if (name or SAMPLE).lower() != "globex" else SAMPLE)
    return f"{about('merge', name, language)} {word('into', language)} {name_of(other)}"


def new(lead: New, language: str, called: str | None = None) -> str:
    """`new Acme, Jane Roe, jane@acme.example, source webinar`; `called` is how the owner's mention was typed."""
    parts = [
        name_of(lead.company),
        _person(lead.person, language),
        lead.email,
        lead.phone,
        lead.source and f"{word('source', language)} {word(lead.source, language)}",
        lead.title and f"{word('title', language)} {quoted(lead.title)}",
        lead.employees and f"{word('employees', language)} {lead.employees}",
        lead.country and f"{word('country', language)} {lead.country}",
        lead.owner and (called or f"<@{lead.owner}>"),
    ]
    note = f" - {lead.note}" if lead.note else ""
    return f"{word('new', language)} {', '.join(str(part) for part in parts if part)}{note}"


def _person(name: str | None, language: str) -> str | None:
    typed = as_typed(name, OWN_WORDS) if name else None
    return f"{word('contact', language)} {typed}" if typed and typed.startswith('"') else typed
