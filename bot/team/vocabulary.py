"""The words of `/team` that people type, in English and Russian, and what they mean."""

from collections.abc import Sequence
from enum import Enum, StrEnum

from bot.access.roles import Role
from bot.access.spoken import ROLES
from bot.people.model import Aspect
from bot.reading.phrases import LONGEST, phrases
from bot.reading.text import words_of


class Verb(StrEnum):
    """What a line of `/team` asks for."""

    ROSTER = "roster"
    CARD = "card"
    ASSIGN = "assign"
    END = "end"
    CORRECT = "correct"
    HOURS = "hours"
    COUNTRY = "country"
    ROLE = "role"
    ROLES = "roles"
    HELP = "help"
    AWAY = "away"
    BACK = "back"
    STUCK = "stuck"
    ROUTING = "routing"
    CAPACITY = "capacity"
    ONE_ON_ONE = "oneonone"
    FEEDBACK = "feedback"
    KUDOS = "kudos"
    REVIEW = "review"
    TRAINING = "training"


COACHING = frozenset({Verb.ONE_ON_ONE, Verb.FEEDBACK, Verb.KUDOS, Verb.REVIEW, Verb.TRAINING})
"""Verbs whose rest `bot.coaching` reads; a person may stand before them."""


class Group(StrEnum):
    """How a roster is put in order."""

    TEAM = "team"
    ROLE = "role"
    TERRITORY = "territory"


class Sign(Enum):
    """What stands in front of a day or a manager."""

    FROM = "from"
    UNTIL = "until"
    ON = "on"
    UNDER = "under"


VERBS = phrases(
    {
        Verb.ASSIGN: "assign, add, set, give, put, назначить, назначь, назначаю, поставь, поставить, добавь, добавить, "
        "дай, дать",
        Verb.END: "end, stop, finish, remove, unassign, снять, сними, снимаю, закончить, завершить, убери, убрать, "
        "уволить с роли",
        Verb.CORRECT: "correct, fix, исправить, исправь, поправь, поправить, исправляю",
        Verb.HOURS: "hours, working hours, часы, рабочие часы, время работы",
        Verb.COUNTRY: "country, страна, страну",
        Verb.ROLE: "role, card, role card, роль, карточка роли, карточка",
        Verb.ROLES: "roles, all roles, role cards, роли, все роли, карточки ролей",
        Verb.HELP: "help, ?, помощь, справка, помоги",
        Verb.AWAY: "away, ooo, out, absent, отсутствую, отсутствие, отсутствует, ухожу",
        Verb.BACK: "back, i'm back, вернулся, вернулась, я вернулся, я вернулась, снова тут, на месте",
        Verb.ROSTER: "roster, list, everybody, everyone, all, team, состав, список, все, команда, show",
        Verb.STUCK: "stuck, застрял, застряла, застряло, застряли",
        Verb.CAPACITY: "capacity, headcount, мощность, мощности",
        Verb.ONE_ON_ONE: "oneonone, one-on-one, one-to-one, one on one, one to one, oneonones, 1:1, 1-1, 1on1, 1-on-1, "
        "1 on 1, встреча, встречи, встреча 1:1, один-на-один, один на один, 1-на-1, 1 на 1",
        Verb.FEEDBACK: "feedback, отзыв, отзывы, обратная связь",
        Verb.KUDOS: "kudos, praise, thanks, благодарность, спасибо, похвала",
        Verb.REVIEW: "review, performance review, ревью, аттестация, обзор",
        Verb.TRAINING: "training, trainings, обучение, тренинг, курсы",
        Verb.ROUTING: "routing, распределение",
    }
)

GROUPS = phrases(
    {
        Group.TEAM: "by team, by teams, teams, по командам, по команде, команды",
        Group.ROLE: "by role, by roles, по ролям, по роли",
        Group.TERRITORY: "by territory, by territories, territories, по территориям, по территории, территории",
    }
)

FIELDS = phrases(
    {
        Aspect.TEAM: "team, in team, команда, команду, команде, в команду, в команде",
        Aspect.TERRITORIES: "territory, territories, region, территория, территории, территорию, регион",
        Aspect.SEGMENTS: "segment, segments, сегмент, сегменты",
        Aspect.HOURS: "hours, working hours, часы, рабочие часы, время работы",
        Aspect.COUNTRY: "country, страна, страну",
    }
)
"""Words that stand in front of a value."""

BEFORE_PERSON = phrases(
    {
        Sign.UNDER: "to, under, manager, reports to, reporting to, report to, boss, lead by, led by, к, ко, под, у, "
        "руководитель, руководителю, менеджер, начальник, подчиняется, под руководством"
    }
)
"""Words that make a mention behind them the manager's."""

BEFORE_DAY = phrases(
    {
        Sign.FROM: "from, since, starting, starting from, starts, effective, beginning, as of, с, со, начиная с",
        Sign.UNTIL: "until, untill, till, to, through, thru, up to, ends, до, по",
        Sign.ON: "on, last day, at, за, на, последний день",
    }
)

NOW = words_of("now immediately сейчас сразу")
SELF = words_of("me myself i я мне меня себя себе мной")
NOBODY = words_of("none nobody нет никто никого")
WITHOUT = words_of("no without без")
MANAGER_WORDS = words_of("manager boss руководителя руководитель менеджера начальника")
FILLERS = words_of(
    "a an the and as is be of in for also role roles position please и а как будет это роль роли на в во должность "
    "пожалуйста + & , ; | / - : и/или with plus"
)
"""Words that say nothing here."""

STANDARD_HOURS = words_of("standard default usual обычные стандартные")
JOINTS = words_of("and и + &")
"""Words between two values of a list."""

_SHORT_ROLES = words_of("sdr mrr ae csm")
_OF_NAMES = {Role.MANAGER, Role.OPS, Role.ADMIN, Role.MARKETING}
CLAUSES = FIELDS.keys() | {
    phrase for phrase, role in ROLES.items() if phrase in _SHORT_ROLES or (" " in phrase and role not in _OF_NAMES)
}
"""Phrases that end an unquoted value in front of them; other roles may be the end of a team's name."""


def begins_clause(words: Sequence[str], at: int) -> bool:
    """Whether a phrase of `CLAUSES` stands at `words[at]`."""
    return any(" ".join(words[at : at + used]) in CLAUSES for used in range(1, LONGEST + 1))
