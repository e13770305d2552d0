"""Reads a line of `/deal`: what somebody typed, as something to do or to show, or a question. Pure and total."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.deals import writing
from bot.deals.clauses import Found, Scanner
from bot.deals.problems import USUAL, Said, Situation, asked, only, problem_of
from bot.deals.process import Process
from bot.deals.rules import LARGEST
from bot.deals.said import (
    Churned,
    DealLine,
    ForNothing,
    Help,
    List,
    Lost,
    Nothing,
    Renewed,
    Reopen,
    Shares,
    Show,
    Update,
    Upsell,
    WhichDay,
    WhichStage,
    WhyLost,
    Won,
)
from bot.deals.states import ASKED_FIRST, PIPELINE, Stage
from bot.deals.vocabulary import HELP, HINTS, LIKELY, LIST, STAGES, VERBS, Verb
from bot.money import Money
from bot.reading.amounts import Amount, fits
from bot.reading.asked import Problem, Unclear
from bot.reading.names import Known
from bot.reading.phrases import close_to, phrase_at
from bot.reading.subject import Subject, places_in, subject_in
from bot.reading.text import Line, fold, read_line

LONGEST_LINE = 3000
_SHORTEST_SLIP = 5
_EDGES = " .,;:!?()\"'"


STANDARD = Process()


def read(
    text: str,
    *,
    now: datetime,
    language: str,
    currency: str,
    fiscal_month: int,
    known: Known,
    process: Process = STANDARD,
) -> DealLine:
    """What a line behind `/deal` says. Every string has a reading.

    Args:
        text: as Slack sends it, with its escapes.
        now: aware, in the zone of the person who typed.
        language: `en` or `ru`, for the example in an answer; both are understood in every line.
        currency: the workspace's.
        fiscal_month: the first month of its fiscal year.
        known: the names that the `candidate_names` of this text found.
        process: the workspace's names of stages and reasons, which are understood beside the standard words.
    """
    line, here = read_line(text[:LONGEST_LINE]), Situation(now.date(), language, currency)
    if len(text) > LONGEST_LINE:
        problem = Problem("line_long", {"length": len(text), "limit": LONGEST_LINE})
        usual = Money.of(USUAL, currency)
        return Unclear(None, problem, writing.line(None, language, money=usual, close_on=here.soon))
    return _alone(line) or _Reader(line, here, fiscal_month, known, process).read()


def suggested(note: str | None, process: Process = STANDARD) -> tuple[str, ...]:
    """Every reason for a loss: first those that a note speaks of, then those that it mostly is."""
    words = {word.strip(_EDGES) for word in fold(note or "").split()}
    spoken = [reason for reason in (*ASKED_FIRST, *HINTS) if words & HINTS[reason]]
    offered = process.reasons
    return tuple(each for each in dict.fromkeys([*spoken, *ASKED_FIRST, *offered]) if each in offered)


def _alone(line: Line) -> Nothing | Help | List | None:
    """A line without a name in it."""
    tokens = line.tokens
    words = [token.spoken for token in tokens]
    people = [token.user for token in tokens if token.user]
    if not tokens:
        return Nothing()
    if len(people) <= 1 and _is_whole(HELP, words, len(tokens) - len(people)):
        return Help()
    if len(people) <= 1 and (len(tokens) == len(people) or _is_whole(LIST, words, len(tokens) - len(people))):
        return List(people[0] if people else None)
    is_help = len(tokens) > 1 and words[-1] in HELP and _is_whole({**VERBS, **STAGES}, words, len(tokens) - 1)
    return Help() if is_help else None


def _is_whole(table: Mapping[str, object], words: list[str], length: int) -> bool:
    """Whether so many words at the beginning are one phrase of a table."""
    found = phrase_at(table, words, 0)
    return found is not None and found[1] == length


@dataclass(frozen=True, slots=True)
class _Reader:
    line: Line
    here: Situation
    fiscal_month: int
    known: Known
    process: Process

    def read(self) -> DealLine:
        tokens = self.line.tokens
        dash = next((n for n in range(1, len(tokens)) if tokens[n].is_dash), len(tokens))
        scanner = Scanner(self.line, dash, self.here.today, self.fiscal_month, self.known, self.process)
        found = scanner.scan()
        end = len(tokens) if found.is_step_said else scanner.take_step_of_note(dash)
        subject, rest = self._subject(found)
        note = self.line.said(dash + 1, end).strip() or None
        said = Said(found, subject, rest, note, self._money(found.amounts[0][0] if found.amounts else None))
        problem = problem_of(said, self.here)
        if problem or subject is None:
            return asked(said, problem or Problem("name_missing"), self.here)
        if found.verb in {Verb.WON, Verb.RENEWED}:
            return self._bought(said, subject)
        return self._update(said, subject) if found.verb in {None, Verb.UPSELL} else self._ended(said, subject)

    def _subject(self, found: Found) -> tuple[Subject | None, str | None]:
        """The company, and what else was said that nothing understands."""
        if not found.stretches:
            return None, None
        (first, last), *others = found.stretches
        last = self._end_of_name(found, first, last)
        rests = [self.line.said(*each) for each in others if not self._is_slip(found, *each)]
        return subject_in(self.line, first, last, self.known), " ".join(rests).strip(" ,;") or None

    def _end_of_name(self, found: Found, first: int, last: int) -> int:
        """A known name ends where one word follows that is a slip of ours: `Acme negotation`."""
        places = places_in(self.line, first, last, self.known)
        if places and places[0].first == first and self._is_slip(found, places[0].last, last):
            return places[0].last
        return last

    def _is_slip(self, found: Found, first: int, last: int) -> bool:
        """Whether one word is one of ours but for a letter; what it means is taken then."""
        word = self.line.tokens[first].spoken if last - first == 1 else ""
        if len(word) < _SHORTEST_SLIP:
            return False
        is_why = found.verb in {Verb.LOST, Verb.CHURNED} and not found.reason
        reasons = self.process.reason_phrases if is_why else {}
        if close := close_to(word, _single(reasons)):
            found.reason = reasons[close]
            return True
        stages = {} if found.stages or found.verbs else self.process.stage_phrases
        if close := close_to(word, _single(stages)):
            stage = stages[close]
            found.stages += [stage] if stage in PIPELINE else []
            found.verbs += [] if stage in PIPELINE else [Verb(stage.value)]
            return True
        return False

    def _money(self, amount: Amount | None) -> Money | None:
        if amount is None or amount.value is None or abs(amount.value) > LARGEST:
            return None
        return Money.of(amount.value, self.here.currency) if fits(amount, self.here.currency) else None

    def _bought(self, said: Said, subject: Subject) -> Won | ForNothing | Renewed:
        found, renewal = said.found, only(said.found.renewal)
        if found.verb is Verb.RENEWED:
            renewal = renewal or only(found.close)
            return Renewed(*subject, said.money, renewal, found.months, _whole_note(said), _grouped(found))
        note, grouped, shares = _whole_note(said), _grouped(found), _shares(found)
        won = Won(*subject, said.money, only(found.close), renewal, found.months, note, grouped, shares)
        return ForNothing(won) if said.money is not None and not said.money else won

    def _ended(self, said: Said, subject: Subject) -> Lost | WhyLost | Churned | Reopen:
        found, note = said.found, _whole_note(said)
        if found.verb is Verb.REOPEN:
            return Reopen(*subject, found.stages[0] if found.stages else None)
        if found.verb is Verb.CHURNED:
            return Churned(*subject, found.reason, note)
        if found.reason is None:
            return WhyLost(*subject, note, suggested(note, self.process), only(found.close))
        return Lost(*subject, found.reason, note, only(found.close))

    def _update(self, said: Said, subject: Subject) -> Show | Update | Upsell | WhichDay | WhichStage:
        found = said.found
        update = Update(
            *subject,
            money=said.money,
            close_on=only(found.close),
            stage=found.stages[0] if found.stages else None,
            next_step=found.step,
            next_on=only(found.step_days),
            owner=next(iter(found.people), None),
            note=said.note,
            grouped=_grouped(found),
            split=_shares(found),
        )
        if found.no_stage is not None:
            return WhichStage(update, found.no_stage, _stages(found.no_stage))
        if found.close and found.close.days and len(found.close.days) > 1:
            return WhichDay(update, found.close.text, found.close.days)
        if found.verb is Verb.UPSELL:
            return Upsell(update)
        return Show(*subject) if update == Update(*subject) else update


def _whole_note(said: Said) -> str | None:
    """The note, with what was said in front of its dash."""
    return " - ".join(each for each in (said.rest, said.note) if each) or None


def _shares(found: Found) -> Shares | None:
    """Who is to have a share, as far as it says how much."""
    if found.split is None:
        return None
    return tuple((each.person, each.share) for each in found.split if each.share is not None)


def _grouped(found: Found) -> str | None:
    """The amount as typed, where its mark was taken to group thousands."""
    amount, text = found.amounts[0] if found.amounts else (None, "")
    return text if amount and amount.was_grouped else None


def _single(table: Mapping[str, object]) -> list[str]:
    """The phrases of one word that are long enough to be known with a slip."""
    return [phrase for phrase in table if " " not in phrase and len(phrase) >= _SHORTEST_SLIP]


def _stages(text: str) -> tuple[Stage, ...]:
    """The open stages, the likeliest for a name that there is not first."""
    word = fold(text).strip(_EDGES)
    close = close_to(word, LIKELY)
    likely = LIKELY.get(word) or (LIKELY[close] if close else None)
    return tuple(sorted(PIPELINE, key=lambda stage: stage is not likely))
