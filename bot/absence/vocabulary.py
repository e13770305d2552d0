"""The words of absence that people type, in English and Russian, and what they mean."""

from collections.abc import Mapping, Sequence
from enum import Enum, StrEnum
from typing import NamedTuple

from bot.absence.kinds import AbsenceKind
from bot.reading.text import keyed, words_of


class Half(StrEnum):
    """Half a day, cut at the middle of the person's own hours."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class Sign(Enum):
    """What a phrase says besides a kind or a half."""

    SOME_HALF = "half a day, not said which"
    ALL_DAY = "the whole of the day"
    THIS_WEEK = "this week"
    NEXT_WEEK = "next week"
    THIS_MONTH = "this month"
    NEXT_MONTH = "next month"
    SAYS_NOTHING = "nothing"


class Verb(Enum):
    """What can stand behind `away` in the place of an absence."""

    FORM = "form"
    LIST = "list"
    HELP = "help"


Meaning = AbsenceKind | Half | Sign

VERBS = {
    "": Verb.FORM,
    **dict.fromkeys(("list", "mine", "show", "список", "мои"), Verb.LIST),
    **dict.fromkeys(("help", "?", "помощь", "справка"), Verb.HELP),
}

_PHRASES: Mapping[Meaning, str] = {
    AbsenceKind.VACATION: "vacation, vacations, vacationing, holiday, holidays, annual leave, on leave, leave, pto, "
    "отпуск, отпуска, отпуске, каникулы, каникулах, 🌴, :palm_tree:",
    AbsenceKind.SICK: "sick, sick leave, sick day, out sick, ill, illness, unwell, not well, болею, болен, больна, "
    "болезнь, приболел, приболела, заболел, заболела, больничный, больничном, 🤒, :face_with_thermometer:",
    AbsenceKind.TRAINING: "training, course, workshop, обучение, обучении, обучаюсь, учеба, учебе, тренинг, тренинге, "
    "курс, курсы, курсах, семинар, семинаре",
    AbsenceKind.TRIP: "trip, business trip, travel, travelling, traveling, conference, event, командировка, "
    "командировке, командировку, конференция, конференции, конференцию, мероприятие, мероприятии, выставка, выставке",
    AbsenceKind.PARENTAL: "parental, parental leave, maternity, maternity leave, paternity, paternity leave, декрет, "
    "декрете, декретный отпуск, декретном отпуске, отпуск по уходу за ребенком, отпуске по уходу за ребенком",
    AbsenceKind.DAY_OFF: "day off, day-off, dayoff, days off, time in lieu, lieu, toil, отгул, отгула, отгуле, отгулы, "
    "выходной",
    AbsenceKind.OTHER: "other, personal, personal reasons, другое, личное, по личным делам, личные дела",
    Half.MORNING: "morning, this morning, half-am, half am, first half, before lunch, until lunch, till lunch, утро, "
    "утром, с утра, до обеда, первая половина дня, первую половину дня, первой половине дня, полдня утром",
    Half.AFTERNOON: "afternoon, this afternoon, half-pm, half pm, second half, after lunch, днем, после обеда, "
    "вторая половина дня, вторую половину дня, второй половине дня, полдня вечером",
    Sign.SOME_HALF: "half day, half a day, half-day, a half day, полдня, пол дня, половину дня",
    Sign.ALL_DAY: "all day, whole day, the whole day, full day, rest of the day, rest of today, end of day, "
    "end of the day, eod, весь день, целый день, конца дня, остаток дня",
    Sign.THIS_WEEK: "this week, all week, rest of the week, rest of this week, end of week, end of the week, eow, "
    "эту неделю, этой неделе, всю неделю, конца недели, конца этой недели",
    Sign.NEXT_WEEK: "next week, all next week, the whole next week, следующая неделя, следующую неделю, "
    "следующей неделе, следующей недели, след неделя, след неделю, всю следующую неделю",
    Sign.THIS_MONTH: "this month, rest of the month, end of month, end of the month, этот месяц, этом месяце, "
    "конца месяца",
    Sign.NEXT_MONTH: "next month, all next month, следующий месяц, следующем месяце, следующего месяца",
    Sign.SAYS_NOTHING: "i, i'm, i am, im, i'll, me, my, is, will, be, am, are, a, an, the, away, off, out, ooo, gone, "
    "out of office, time off, on, in, at, for, of, and, then, please, inclusive, incl, including, end of, "
    "я, мы, у, меня, не будет, нет, буду, будет, ухожу, уехал, уехала, еду, отсутствую, в, во, на, и, это, "
    "включительно, пожалуйста, конца, числа, число",
}

TO = words_of("until untill till til through thru to до по")
FROM = words_of("from since starting between с со от между")
AND = words_of("and и")
FOR = words_of("for на")
O_CLOCK = words_of("h hr hrs o'clock ч час часа часов")
BEFORE_PHRASE = words_of("in for в во на")
BEFORE_WEEKDAY = words_of("on this в во на этот эту эта это")
"""Words in front of a weekday that leave it the nearest one, today included."""

ALONE = words_of("неделю месяц")
"""Units that say "for one" by their case."""

UNITS = {
    **dict.fromkeys(words_of("hour hours час часа часов"), "hours"),
    **dict.fromkeys(words_of("day days день дня дней"), "days"),
    **dict.fromkeys(words_of("week weeks wk wks неделя неделю недели недель"), "weeks"),
    **dict.fromkeys(words_of("month months месяц месяца месяцев"), "months"),
}
_NUMBERS = (
    "a an one один одну одна",
    "two couple два две пару",
    "three три",
    "four четыре",
    "five пять",
    "six шесть",
    "seven семь",
    "eight восемь",
    "nine девять",
    "ten десять",
)
NUMBERS = {word: number for number, words in enumerate(_NUMBERS, 1) for word in words.split()}


class Meant(NamedTuple):
    """`used` words that mean `what`."""

    what: Meaning
    used: int


def _by_first_word() -> dict[str, list[tuple[tuple[str, ...], Meaning]]]:
    """Every phrase under its first word, the longest first."""
    table: dict[str, list[tuple[tuple[str, ...], Meaning]]] = {}
    for meaning, line in _PHRASES.items():
        for phrase in line.split(","):
            words = tuple(keyed(phrase).split())
            table.setdefault(words[0], []).append((words, meaning))
    for phrases in table.values():
        phrases.sort(key=lambda phrase: -len(phrase[0]))
    return table


_TABLE = _by_first_word()


def phrase_at(words: Sequence[str], at: int) -> Meant | None:
    """What the phrase that begins at `words[at]` means: the longest one there is, or None."""
    for phrase, meaning in _TABLE.get(words[at], ()):
        if tuple(words[at : at + len(phrase)]) == phrase:
            return Meant(meaning, len(phrase))
    return None
