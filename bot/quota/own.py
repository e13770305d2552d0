"""A workspace's own metrics: a name for the logged kinds that count towards it, such as `Outreach: email, social`."""

from collections.abc import Iterable, Mapping, Sequence

from bot.activity.vocabulary import STANDARD as KINDS
from bot.errors import Refused
from bot.quota.metrics import STANDARD, Metric, read_metric
from bot.quota.vocabulary import OWN_WORDS
from bot.reading.text import fold, keyed

MOST = 10
NAME_LENGTH = range(2, 31)
"""Characters of a name."""

MOST_WORDS = 3

Stored = Mapping[str, Sequence[str]]
"""The names as they are written, with the codes of the kinds that count: how the setting is kept."""


def key(name: str) -> str:
    """A metric's code: its name as it is compared."""
    return " ".join(fold(name).split())


def metrics(stored: Stored) -> tuple[Metric, ...]:
    """The metrics of a workspace, the standard ones first."""
    return (*STANDARD, *(Metric(key(name)) for name in stored))


def by_name(stored: Stored) -> dict[str, Metric]:
    """The own ones by what they are called."""
    return {name: Metric(key(name)) for name in stored}


def counted(stored: Stored) -> dict[str, tuple[str, ...]]:
    """The codes of the metrics that each logged kind counts towards."""
    found: dict[str, tuple[str, ...]] = {}
    for name, kinds in stored.items():
        for kind in kinds:
            found[kind] = (*found.get(kind, ()), key(name))
    return found


def written(stored: Stored) -> str:
    """The lines that they are edited by."""
    return "\n".join(f"{name}: {', '.join(kinds)}" for name, kinds in stored.items())


def read_own(text: str) -> dict[str, list[str]]:
    """What somebody wrote, one metric on each line: its name, a colon, the kinds with commas between them.

    Raises:
        Refused: `settings.problem.metric_…`, with the line that is wrong.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST:
        raise Refused("settings.problem.metric_many", most=str(MOST))
    found: dict[str, list[str]] = {}
    for line in lines:
        name, _, said = (part.strip() for part in line.replace("=", ":").partition(":"))
        _check_name(name, found)
        found[name] = _kinds(line, said)
    return found


def _check_name(name: str, others: Iterable[str]) -> None:
    words = fold(name).split()
    if len(name) not in NAME_LENGTH or len(words) > MOST_WORDS or not any(each.isalpha() for each in name):
        raise Refused("settings.problem.metric_name", text=name, most=str(NAME_LENGTH[-1]))
    if read_metric(words) or OWN_WORDS & set(words):
        raise Refused("settings.problem.metric_taken", text=name)
    if key(name) in map(key, others):
        raise Refused("settings.problem.metric_twice", text=name)


def _kinds(line: str, said: str) -> list[str]:
    meaning = KINDS.kind_phrases.meaning
    found = [meaning.get(keyed(each)) for each in said.split(",") if each.strip()]
    kinds = list(dict.fromkeys(str(kind) for kind in found if kind))
    if not kinds or None in found:
        raise Refused("settings.problem.metric_kinds", text=line)
    return kinds
