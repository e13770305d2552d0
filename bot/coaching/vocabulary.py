"""The words of coaching that people type, in English and Russian."""

from enum import Enum

from bot.reading.phrases import phrases
from bot.reading.text import words_of
from bot.team.vocabulary import VERBS, Verb

KUDOS = frozenset(phrase for phrase, verb in VERBS.items() if verb is Verb.KUDOS)
"""Behind `feedback` they say that it is for everybody to read."""


class Of(Enum):
    """What of training is asked for."""

    ASSIGN = "assign"
    PROGRESS = "progress"


TRAININGS = phrases(
    {
        Of.ASSIGN: "assign, add, give, new, назначить, назначь, добавить, добавь, дать, дай, новое, новый",
        Of.PROGRESS: "progress, list, all, assigned, status, прогресс, список, все, назначено, назначенное, статус",
    }
)

FOR = words_of("to for для к with с у")
"""Words in front of whom it is for."""

BY = words_of("by until till due before до к срок по")
"""Words in front of the day by which."""

FILLERS = words_of("the all everybody every role roles to for with and , ; - и a an всем все роль роли для + &")

EXAMPLES = {
    "en": {
        "feedback": 'feedback {who} "great discovery call"',
        "kudos": 'kudos {who} "saved the renewal"',
        "review": "review {who} {period}",
        "training": 'training assign "MEDDIC basics" https://learn.example/meddic to AE by {day}',
        "oneonone": "oneonone {who}",
    },
    "ru": {
        "feedback": "отзыв {who} «отличный разговор с клиентом»",
        "kudos": "спасибо {who} «спасла продление»",
        "review": "ревью {who} {period}",
        "training": "обучение назначить «Основы MEDDIC» https://learn.example/meddic для AE до {day}",
        "oneonone": "один-на-один {who}",
    },
}
"""Lines that would do."""
