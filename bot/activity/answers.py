"""Judges a draft: an entry that can be stored, or the one question that has to be answered first.

An offer is the same draft with the answer filled in; it is made only if nothing is left to ask then.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from bot.activity.draft import Draft, SaidDay, Situation, Step
from bot.activity.entry import AskedBack, Entry, FollowUp, Offer, Problem, Reminder, Understood
from bot.activity.limits import (
    FIELD_OF,
    LONGEST_WHAT,
    MOST_AT_ONCE,
    check_count,
    check_day,
    check_follow_up,
    check_minutes,
    check_name,
    check_note,
)
from bot.activity.writing import write
from bot.reading.names import KnownName, name_key
from bot.reading.numbers import whole
from bot.reading.text import plain_text

_MOST_ANSWERS = 4
"""Answers offered to one question, so that they fit in a row of buttons."""


class _Sample(NamedTuple):
    """What stands in a corrected example for words that only the person can know."""

    what: str
    note: str


_SAMPLES = {
    "en": _Sample("send the quote", "they asked for a discount"),
    "ru": _Sample("отправить КП", "просят скидку"),
}


class Answer(NamedTuple):
    """A way out of a question: the label and parameters of its button, and the draft with the answer in it."""

    label: str
    params: dict[str, object]
    draft: Draft


class Question(NamedTuple):
    """What has to be asked: the ways out, offers beside them, and drafts to make an example of, the best first."""

    problem: Problem
    answers: Sequence[Answer] = ()
    repaired: Sequence[Draft] = ()
    beside: Sequence[Offer] = ()


def judge(draft: Draft, situation: Situation) -> Understood | AskedBack:
    """The entry, or the first question that stands in its way."""
    question = _question(draft, situation)
    if question:
        return _asked(question, draft.entry(situation.now), situation)
    return Understood((draft.entry(situation.now),), tuple(_improvements(draft, situation)))


def judge_all(drafts: Sequence[Draft], situation: Situation) -> Understood | AskedBack:
    """Several kinds in one line: all are shown, and stored when the person says so."""
    if len(drafts) == 1:
        return judge(drafts[0], situation)
    for draft in drafts:
        if question := _question(draft, situation):
            return replace(_asked(question, draft.entry(situation.now), situation), offers=())
    entries = tuple(draft.entry(situation.now) for draft in drafts)
    problem = Problem("two_kinds", {"kinds": tuple(entry.kind for entry in entries)})
    return _asked(Question(problem, (), drafts[:1], (_both(entries),)), entries[0], situation)


def ask_kind(word: str, offered: Sequence[str], draft: Draft, situation: Situation) -> AskedBack:
    """The line does not begin with a kind: `offered` kinds with the rest of the line as it was understood."""
    answers = [Answer("log.offer.kind", {"kind": kind}, replace(draft, kind=kind)) for kind in offered]
    question = Question(Problem("kind_unknown", {"word": word}), answers, [answer.draft for answer in answers])
    return _asked(question, draft.entry(situation.now), situation)


def _question(draft: Draft, situation: Situation) -> Question | None:
    return next((question for check in _CHECKS if (question := check(draft, situation))), None)


def _asked(question: Question, partial: Entry, situation: Situation) -> AskedBack:
    offers = (*_offers(question.answers, situation), *question.beside)
    drafts = (*question.repaired, *(answer.draft for answer in question.answers))
    settled = next((draft for draft in drafts if not _question(draft, situation)), None)
    example = _line(settled, situation) if settled else ""
    return AskedBack(question.problem, FIELD_OF[question.problem.code], partial, offers, example)


def _offers(answers: Sequence[Answer], situation: Situation) -> Iterator[Offer]:
    for label, params, draft in answers[:_MOST_ANSWERS]:
        if not _question(draft, situation):
            yield Offer(label, params, (draft.entry(situation.now),))


def _both(entries: tuple[Entry, ...]) -> Offer:
    return Offer("log.offer.store_both", {"count": len(entries)}, entries)


def _line(draft: Draft, situation: Situation) -> str:
    entry = replace(draft.entry(situation.now), colleagues=())
    today = situation.now.date()
    return plain_text(write(entry, language=situation.language, vocabulary=situation.vocabulary, today=today))


def _ask_count(draft: Draft, _: Situation) -> Question | None:
    problem = check_count(draft.count, confirmed=draft.confirmed)
    if problem is None:
        return None
    params: dict[str, object] = {"count": draft.count, "kind": draft.kind}
    sure = Answer("log.offer.confirm_count", params, replace(draft, confirmed=True))
    fewer = replace(draft, count=MOST_AT_ONCE if draft.count > 0 else 1)
    return Question(problem, [sure], [fewer])


def _ask_figure(draft: Draft, _: Situation) -> Question | None:
    """A bare figure has no unit: minutes are offered, and behind a bare kind a count too."""
    if not draft.numbers:
        return None
    text, without = draft.numbers[0], replace(draft, numbers=draft.numbers[1:])
    answers = []
    if text.isdecimal():
        number = whole(text)
        answers = [Answer("log.offer.minutes", {"minutes": number}, replace(without, lengths=(*draft.lengths, number)))]
        if draft.count == 1 and draft.who is None:
            params: dict[str, object] = {"count": number, "kind": draft.kind}
            answers.append(Answer("log.offer.count", params, replace(without, count=number)))
    return Question(Problem("number_bare", {"number": text}), answers, [*(each.draft for each in answers), without])


def _ask_length(draft: Draft, _: Situation) -> Question | None:
    lengths = draft.lengths
    if len(lengths) > 1:
        answers = [Answer("log.offer.minutes", {"minutes": each}, replace(draft, lengths=(each,))) for each in lengths]
        return Question(Problem("two_durations", {"minutes": lengths[:_MOST_ANSWERS]}), answers)
    problem = check_minutes(lengths[0]) if lengths else None
    return Question(problem, (), [replace(draft, lengths=())]) if problem else None


def _ask_outcome(draft: Draft, _: Situation) -> Question | None:
    codes = draft.outcomes
    if len(codes) < 2:
        return None
    answers = [Answer("log.offer.outcome", {"outcome": code}, replace(draft, outcomes=(code,))) for code in codes]
    return Question(Problem("two_outcomes", {"outcomes": codes}), answers)


def _ask_day(draft: Draft, _: Situation) -> Question | None:
    undated = replace(draft, days=())
    impossible = next((said for said in draft.days if not said.days), None)
    if impossible:
        return Question(_impossible("day", impossible.text), (), [undated])
    days = tuple(dict.fromkeys(day for said in draft.days for day in said.days))
    if len(days) < 2:
        return None
    answers = [Answer("log.offer.day", {"day": day}, replace(draft, days=(_said(day),))) for day in days]
    params: dict[str, object] = {"text": draft.days[0].text, "days": days[:_MOST_ANSWERS]}
    code = "day_ambiguous" if len(draft.days) == 1 else "two_days"
    return Question(Problem(code, params), answers, [*(answer.draft for answer in answers), undated])


def _ask_time(draft: Draft, _: Situation) -> Question | None:
    impossible = next((said for said in draft.times if said.at is None), None)
    if impossible:
        return Question(_impossible("time", impossible.text), (), [replace(draft, times=())])
    said = {each.at: each for each in draft.times}
    if len(said) < 2:
        return None
    answers = [Answer("log.offer.time", {"at": at}, replace(draft, times=(said[at],))) for at in said]
    return Question(Problem("two_times", {"times": tuple(said)[:_MOST_ANSWERS]}), answers)


def _ask_when(draft: Draft, situation: Situation) -> Question | None:
    """A day or time ahead becomes a follow-up, or was meant for yesterday; one too long ago is refused."""
    day = draft.day(situation.now.date())
    problem = check_day(day, draft.at, situation.now)
    if problem is None:
        return None
    undated = replace(draft, days=(), times=())
    if problem.code == "day_old":
        return Question(problem, (), [undated])
    answers = []
    if problem.code == "time_future":
        yesterday = day - timedelta(days=1)
        params: dict[str, object] = {"day": yesterday, "at": draft.at}
        answers = [Answer("log.offer.yesterday_at", params, replace(draft, days=(_said(yesterday),)))]
    ahead = tuple(_as_follow_up(undated, day, draft, situation))
    return Question(problem, answers, [*(answer.draft for answer in answers), undated], ahead)


def _as_follow_up(undated: Draft, day: date, draft: Draft, situation: Situation) -> Iterator[Offer]:
    """The activity ahead as a next step: what to do is its kind and its note."""
    kind = situation.vocabulary.kind(draft.kind).written(situation.language, draft.count)
    what = " - ".join(part for part in (kind, draft.text) if part)[:LONGEST_WHAT].rstrip()
    if draft.step or check_follow_up(day, draft.at, what, situation.now) or _question(undated, situation):
        return
    label = "log.offer.make_follow_up_at" if draft.at else "log.offer.make_follow_up"
    params: dict[str, object] = {"day": day, "at": draft.at} if draft.at else {"day": day}
    yield Offer(label, params, reminder=Reminder(draft.who, FollowUp(day, what, draft.at)))


def _ask_who(draft: Draft, situation: Situation) -> Question | None:
    if draft.places:
        return _ask_which(draft, situation)
    name = draft.stranger
    if name is None:
        return None
    if problem := check_name(name):
        remark = replace(draft, stranger=None, remarks=(name, *draft.remarks))
        return Question(problem, [Answer("log.offer.as_note", {}, remark)])
    if not draft.close:
        return None
    new = Answer("log.offer.new_name", {"name": name}, replace(draft, close=()))
    params: dict[str, object] = {"name": name, "names": tuple(each.name for each in draft.close)}
    return Question(Problem("who_close", params), [*(_take(each, draft) for each in draft.close), new])


def _ask_which(draft: Draft, situation: Situation) -> Question | None:
    """Namesakes, or more than one known name."""
    answers = [_take(name, draft) for names in draft.places for name in names]
    if len(answers) == 1:
        return None
    if len(draft.places) == 1:
        return Question(Problem("name_shared", {"name": draft.places[0][0].name}), answers)
    problem = Problem("two_names", {"names": tuple(names[0].name for names in draft.places[:_MOST_ANSWERS])})
    entries = tuple(offer.entries[0] for offer in _offers(answers, situation))
    return Question(problem, answers, (), [_both(entries)] if 1 < len(entries) == len(answers) else ())


def _take(name: KnownName, draft: Draft) -> Answer:
    taken = replace(draft, places=((name,),), stranger=None, close=())
    if name.detail:
        return Answer("log.offer.take_namesake", {"name": name.name, "detail": name.detail}, taken)
    return Answer("log.offer.take_name", {"name": name.name}, taken)


def _ask_note(draft: Draft, situation: Situation) -> Question | None:
    problem = check_note(draft.kind, draft.text)
    sample = _SAMPLES[situation.language].note
    return Question(problem, (), [replace(draft, note=sample, remarks=())]) if problem else None


def _ask_step(draft: Draft, situation: Situation) -> Question | None:
    """The next step: its day and hour must exist and lie ahead, and it must say what to do."""
    step = draft.step
    if step is None:
        return None
    without = replace(draft, step=None)
    if not step.when.days:
        return Question(_impossible("follow_up_day", step.text), (), [without])
    if step.when.said_no_such_time:
        return Question(_impossible("follow_up_time", step.text), (), [without])
    if len(step.when.days) > 1:
        days = step.when.days
        answers = [Answer("log.offer.day", {"day": day}, replace(draft, step=_on(step, day))) for day in days]
        return Question(Problem("follow_up_day_ambiguous", {"text": step.text, "days": days}), answers, [without])
    problem = check_follow_up(step.when.days[0], step.when.at, step.what, situation.now)
    said = replace(draft, step=step._replace(what=_SAMPLES[situation.language].what))
    return Question(problem, (), [said, without]) if problem else None


def _on(step: Step, day: date) -> Step:
    return step._replace(when=step.when._replace(days=(day,)))


def _said(day: date) -> SaidDay:
    return SaidDay(day.isoformat(), (day,))


def _impossible(what: str, text: str) -> Problem:
    return Problem(f"{what}_impossible", {"text": text})


def _improvements(draft: Draft, situation: Situation) -> Iterator[Offer]:
    """What may have been meant instead, for a line that is stored as it stands."""
    if not draft.outcomes:
        yield from _outcome_meant(draft, situation)
    if draft.longer:
        name = " ".join(draft.longer.split())
        longer = replace(draft, places=(), stranger=name, remarks=draft.remarks[1:])
        yield Offer("log.offer.new_name", {"name": name}, (longer.entry(situation.now),), amends=True)


def _outcome_meant(draft: Draft, situation: Situation) -> Iterator[Offer]:
    for place, remark in enumerate(draft.remarks):
        outcome = situation.vocabulary.sounds_like(name_key(remark))
        if outcome:
            remarks = draft.remarks[:place] + draft.remarks[place + 1 :]
            meant = replace(draft, outcomes=(outcome,), remarks=remarks)
            yield Offer("log.offer.outcome", {"outcome": outcome}, (meant.entry(situation.now),), amends=True)
            return


_CHECKS = (
    _ask_count,
    _ask_figure,
    _ask_length,
    _ask_outcome,
    _ask_day,
    _ask_time,
    _ask_when,
    _ask_who,
    _ask_note,
    _ask_step,
)
