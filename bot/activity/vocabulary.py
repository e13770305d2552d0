"""The words of activity that people type, in English and Russian, and what they mean.

The words are data: a workspace adds kinds and outcomes of its own with `Vocabulary.extended`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from babel.core import Locale
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.activity.entry import Kind, Outcome, Verb
from bot.reading import duration, when
from bot.reading.text import fold, keyed, words_of

VERBS = {
    "": Verb.FORM,
    **dict.fromkeys(("help", "?", "помощь", "справка"), Verb.HELP),
    **dict.fromkeys(("today", "сегодня", "my day", "мой день"), Verb.TODAY),
    **dict.fromkeys(("week", "неделя", "my week", "this week", "моя неделя", "эта неделя"), Verb.WEEK),
    **dict.fromkeys(("undo", "отмена", "отменить"), Verb.UNDO),
}
FOLLOW_UPS = words_of("next nxt далее след потом затем")
COMMAND_WORDS = FOLLOW_UPS | {word for word in VERBS if word.isalpha()}
"""Words that are never a new name unless they are quoted."""

AND = words_of("and и & + plus плюс")
ARTICLES = words_of("a an one один одна одно")
DROPPED = AND | words_of("w/ with to for at on from с со к ко в во на у от для за по -")
"""Words that say nothing at the edges of what is left of a line."""

AUXILIARIES = words_of("do does did is are was were has have had can could would")
_NEGATION = re.compile(r"not|never|no|cannot|не|ни|.+n't|(?:do|does|did|is|was|were|has|have|had|ca|could|wo|would)nt")


def is_negation(text: str) -> bool:
    """Whether the word, as typed, turns what follows it into its opposite: `not`, `didn't`, `не`; `no,` does not."""
    return _NEGATION.fullmatch(fold(text)) is not None


TEXT_KINDS = frozenset((Kind.NOTE, Kind.INTEL))
"""Kinds that are nothing without their text."""


class Term(NamedTuple):
    """A kind or an outcome: its code, how it is written (for one, for few, for many), and what else people type."""

    code: str
    en: tuple[str, ...]
    ru: tuple[str, ...] = ()
    also: str = ""

    @property
    def typed(self) -> Iterator[str]:
        """Every way to type it, folded."""
        texts = (self.code, *self.en, *self.ru, *(part for part in self.also.split(",") if part.strip()))
        for text in map(keyed, texts):
            yield text
            if " " in text:
                yield text.replace(" ", "-")

    def written(self, language: str, count: int = 1) -> str:
        """How Baton writes `count` of it."""
        forms = (self.ru if language == "ru" else self.en) or self.en or (self.code,)
        form = _FORMS[Locale.parse(language).plural_form(count)]
        return forms[min(form, len(forms) - 1)]


_FORMS = {"one": 0, "few": 1, "other": 1, "many": 2}  # the CLDR's plural categories of the two languages

_KINDS = (
    Term(
        Kind.CALL,
        ("call", "calls"),
        ("звонок", "звонка", "звонков"),
        "called, calling, dial, dials, dialed, dialled, phone, phoned, rang, tel, phone call, phone calls, cold call, "
        "cold calls, звонки, звонку, звонком, звонил, звонила, позвонил, позвонила, созвон, созвона, созвоны, "
        "созвонов, созвонились, прозвон, холодный звонок, холодных звонков, 📞, ☎, 📱, 📲, :phone:, :telephone:, "
        ":telephone_receiver:, :iphone:, :calling:",
    ),
    Term(
        Kind.EMAIL,
        ("email", "emails"),
        ("письмо", "письма", "писем"),
        "e-mail, e-mails, mail, mails, emailed, e-mailed, mailed, letter, letters, cold email, cold emails, письму, "
        "письмом, имейл, имейла, имейлы, имейлов, емейл, емейла, емейлы, емейлов, мейл, мейла, мейлы, мейлов, мэйл, "
        "емайл, почта, написал, написала, холодное письмо, 📧, ✉, 📨, 📩, :email:, :e-mail:, :envelope:, "
        ":incoming_envelope:, :envelope_with_arrow:",
    ),
    Term(
        Kind.MEETING,
        ("meeting", "meetings"),
        ("встреча", "встречи", "встреч"),
        "mtg, mtgs, meet, met, appointment, appointments, appt, visit, visits, встречу, встрече, встречей, "
        "встретился, встретилась, встретились, мит, митинг, митинга, митинги, митингов, визит, визита, визиты, "
        "визитов, 🤝, 📅, 👥, :handshake:, :calendar:, :date:, :busts_in_silhouette:",
    ),
    Term(
        Kind.DEMO,
        ("demo", "demos"),
        ("демо",),
        "demoed, demonstration, presentation, presentations, демка, демки, демку, демонстрация, демонстрации, "
        "демонстрацию, демонстраций, показ, показа, показы, показов, презентация, презентации, презентацию, "
        "презентаций, 🖥, 💻, 📽, :desktop_computer:, :computer:, :film_projector:",
    ),
    Term(
        Kind.SOCIAL,
        ("social",),
        ("соцсети",),
        "li, linkedin, li msg, li msgs, li message, linkedin msg, linkedin message, linkedin messages, inmail, "
        "inmails, dm, dms, msg, msgs, message, messages, whatsapp, wa, telegram, tg, sms, text, texted, "
        "соцсеть, соцсетях, линкедин, телеграм, телеграмм, тг, вотсап, ватсап, смс, сообщение, сообщения, "
        "сообщений, 💬, :speech_balloon:",
    ),
    Term(
        Kind.NOTE,
        ("note", "notes"),
        ("заметка", "заметки", "заметок"),
        "заметку, комментарий, 📝, 🗒, :memo:, :pencil:, :spiral_note_pad:",
    ),
    Term(
        Kind.INTEL,
        ("intel",),
        ("разведка",),
        "market intel, разведку, разведки, разведданные, 🕵, 🔍, :mag:",
    ),
)

_OUTCOMES = (
    Term(
        Outcome.CONNECTED,
        ("connected",),
        ("дозвонился",),
        "connect, conn, reached, spoke, talked, answered, picked up, got through, дозвон, дозвонилась, дозвонились, "
        "поговорил, поговорила, поговорили, ответил, ответила, ответили, взял трубку, взяла трубку, взяли трубку",
    ),
    Term(
        Outcome.VOICEMAIL,
        ("voicemail",),
        ("автоответчик",),
        "vm, vmail, voice mail, left vm, left a vm, left voicemail, left a voicemail, left voice mail, "
        "на автоответчик, голосовая почта, голосовое, оставил голосовое, оставила голосовое",
    ),
    Term(
        Outcome.NO_ANSWER,
        ("no-answer",),
        ("недозвон",),
        "no answer, noanswer, na, no pickup, no pick up, no response, unanswered, not answered, didn't answer, "
        "did not answer, didn't pick up, did not pick up, не дозвонился, не дозвонилась, не дозвонились, недозвонился, "
        "недозвонилась, не взял трубку, не взяла трубку, не взяли трубку, трубку не взял, трубку не взяла, "
        "трубку не взяли, не берет трубку, не берут трубку, трубку не берет, трубку не берут, не берет, не берут, "
        "не взял, не взяла, не взяли, не отвечает, не отвечают, не ответил, не ответила, не ответили, нет ответа, "
        "без ответа",
    ),
    Term(Outcome.BUSY, ("busy",), ("занято",), "line busy, busy line, engaged, занят, занята, линия занята"),
    Term(
        Outcome.CALLBACK,
        ("callback",),
        ("перезвонить",),
        "call back, cb, call me back, call them back, call him back, call her back, asked to call back, перезвон, "
        "перезвоню, перезвоните, просил перезвонить, просила перезвонить, просили перезвонить, попросил перезвонить, "
        "попросила перезвонить, попросили перезвонить",
    ),
    Term(
        Outcome.WRONG_NUMBER,
        ("wrong-number",),
        ("не тот номер",),
        "wrong number, wrongnumber, wrong no, bad number, wn, неверный номер, неправильный номер, ошибка номера, "
        "ошибся номером, ошиблась номером, номер не тот",
    ),
)


class Meant(NamedTuple):
    """`used` words that mean the kind or outcome `code`."""

    code: str
    used: int


class Phrases:
    """Terms by what people type: the longest phrase that begins at a word."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self.meaning: dict[str, str] = {}
        for code, text in ((str(term.code), text) for term in terms for text in term.typed):
            if self.meaning.setdefault(text, code) == code:
                words = tuple(text.split())
                self._by_first.setdefault(words[0], []).append((words, code))
        for phrases in self._by_first.values():
            phrases.sort(key=lambda phrase: -len(phrase[0]))

    def at(self, words: Sequence[str], place: int) -> Meant | None:
        """What the words from `place` on mean, or None."""
        for phrase, code in self._by_first.get(words[place], ()):
            if tuple(words[place : place + len(phrase)]) == phrase:
                return Meant(code, len(phrase))
        return None


@dataclass(frozen=True)
class Vocabulary:
    """What people may type for kinds and outcomes. Where two terms share a word, the earlier one has it."""

    kinds: tuple[Term, ...]
    outcomes: tuple[Term, ...]

    def extended(self, kinds: Iterable[Term] = (), outcomes: Iterable[Term] = ()) -> "Vocabulary":
        """This vocabulary with a workspace's own terms, which go before the standard ones."""
        return Vocabulary((*kinds, *self.kinds), (*outcomes, *self.outcomes))

    def kind_at(self, words: Sequence[str], place: int) -> Meant | None:
        """The kind that the words from `place` on name; a slip in one letter is forgiven where it leaves no doubt."""
        return self.kind_phrases.at(words, place) or self._misspelt_kind(words[place])

    def kind(self, code: str) -> Term:
        """The kind's term; one that was since taken out of the vocabulary is written by its code."""
        return next((term for term in self.kinds if term.code == code), Term(code, (code,)))

    def outcome(self, code: str) -> Term:
        """The outcome's term; likewise."""
        return next((term for term in self.outcomes if term.code == code), Term(code, (code,)))

    @cached_property
    def kind_phrases(self) -> Phrases:
        """Kinds by what people type."""
        return Phrases(self.kinds)

    @cached_property
    def outcome_phrases(self) -> Phrases:
        """Outcomes by what people type."""
        return Phrases(self.outcomes)

    def near_kinds(self, word: str, limit: int = 3) -> tuple[str, ...]:
        """The kinds that `word` may be a misspelling of, the likeliest first; often none."""
        found = process.extract(word, self._kind_words, scorer=fuzz.ratio, score_cutoff=_KIND_LIKENESS, limit=None)
        codes = dict.fromkeys(self.kind_phrases.meaning[text] for text, _, _ in found)
        return tuple(codes)[:limit]

    def is_ours(self, word: str) -> bool:
        """Whether the word is a part of a figure, a day or an outcome."""
        return word in self._meanings or word[:1].isdecimal()

    def corrected(self, word: str) -> str | None:
        """The word of ours that `word` is with one slip of the finger, or None: short words and doubtful ones stay."""
        if len(word) < _SHORTEST_CORRECTED or word in self.kind_phrases.meaning:
            return None
        found = process.extract(word, self._correctable, scorer=OSA.distance, score_cutoff=1, limit=None)
        meanings = {self._meanings[text] for text, _, _ in found}
        return min(text for text, _, _ in found) if len(meanings) == 1 else None

    def sounds_like(self, word: str) -> str | None:
        """The outcome that `word` sounds like, too far off to be taken: `konektd` for `connected`."""
        sound = _sound(word)
        if len(sound) < _SHORTEST_CORRECTED or word in self.kind_phrases.meaning:
            return None
        reach = min(2, len(sound) // 3)
        found = process.extractOne(sound, self._sounds.keys(), scorer=OSA.distance, score_cutoff=reach)
        return self._sounds[found[0]] if found else None

    def _misspelt_kind(self, word: str) -> Meant | None:
        if len(word) < 3 or not word.isalpha() or is_negation(word):
            return None
        found = process.extract(word, self._kind_words, scorer=OSA.distance, score_cutoff=1, limit=None)
        codes = {self.kind_phrases.meaning[text] for text, _, _ in found}
        return Meant(codes.pop(), 1) if len(codes) == 1 else None

    @cached_property
    def _kind_words(self) -> list[str]:
        return [text for text in self.kind_phrases.meaning if len(text) > 3 and " " not in text]

    @cached_property
    def _meanings(self) -> dict[str, frozenset[str]]:
        """Every word that is a part of a day, a length or an outcome, and of which ones."""
        words = {word: frozenset((meaning,)) for word, meaning in when.MEANINGS.items()}
        words |= dict.fromkeys(duration.HOURS, frozenset(("hours",)))
        words |= dict.fromkeys(duration.MINUTES, frozenset(("minutes",)))
        for text, code in self.outcome_phrases.meaning.items():
            for word in text.split():
                words[word] = words.get(word, frozenset()) | {code}
        return words

    @cached_property
    def _correctable(self) -> list[str]:
        return [word for word in self._meanings if len(word) >= _SHORTEST_CORRECTED]

    @cached_property
    def _sounds(self) -> dict[str, str]:
        return {_sound(text): code for text, code in self.outcome_phrases.meaning.items()}


_SHORTEST_CORRECTED = 5
_KIND_LIKENESS = 65

_SOUNDS = str.maketrans("cqzyаи", "kksiое")
_DOUBLED = re.compile(r"(.)\1+")


def _sound(text: str) -> str:
    """A rough key of how a word sounds: c as k, double letters as one, unstressed vowels alike."""
    return _DOUBLED.sub(r"\1", text.replace("ph", "f").translate(_SOUNDS))


STANDARD = Vocabulary(_KINDS, _OUTCOMES)
