"""What is wrong with a line of `/deal`, and the nearest one that would do. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.deals import writing
from bot.deals.clauses import Days, Found
from bot.deals.rules import LARGEST, LAST_YEARS, LONGEST_STEP, MOST_DAYS_BACK, MOST_MONTHS
from bot.deals.sharing import Named
from bot.deals.split import FINEST, MOST, WHOLE, percent
from bot.deals.states import NEED_A_NOTE, Stage
from bot.deals.vocabulary import Verb
from bot.money import Money
from bot.reading.amounts import fits
from bot.reading.asked import Problem, Unclear
from bot.reading.subject import LONGEST_NAME, Subject

USUAL = Decimal(24_000)
"""The amount of an example."""

_SOMEBODY = "@dana"
_SOME_RIVAL = "Rival"
_SOME_COLLEAGUES = ("@ben", "@cem")
_SOME_SHARE, _FEWER = "40", "15"
"""Percent of an example: of one person, and of each of several."""
ALONE = frozenset({Verb.WON, Verb.LOST, Verb.RENEWED, Verb.CHURNED})
"""What says where a deal stands by itself, without a stage."""

OVER = frozenset({Verb.WON, Verb.LOST})
"""What has happened already, on a day of the past."""

_ABOUT_MONEY = frozenset({"two_amounts", "amount_unread", "negative", "currency", "too_large"})
_ABOUT_DAYS = frozenset(
    {"day_missing", "day_unread", "day_impossible", "day_ambiguous", "day_past", "day_ahead", "day_old", "day_far"}
)


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a line is typed: the person's day and language, the workspace's currency."""

    today: date
    language: str
    currency: str

    @property
    def soon(self) -> date:
        """The day of an example."""
        return self.today + timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says, put together; `rest` is what nothing understands."""

    found: Found
    subject: Subject | None
    rest: str | None
    note: str | None
    money: Money | None


def problem_of(said: Said, here: Situation) -> Problem | None:
    """The first thing that keeps a line from being done as it stands."""
    found = said.found
    return (
        _people_problem(found)
        or _name_problem(said.subject)
        or _split_problem(found)
        or _verb_problem(said, here)
        or _amount_problem(found, here)
        or _close_problem(found, here)
        or _renewal_problem(found, here)
        or _step_problem(found)
    )


def asked(said: Said, problem: Problem, here: Situation) -> Unclear:
    """What was understood of the line, and one that would do."""
    understood = _line(said, here, None) if said.subject else None
    return Unclear(understood, problem, _line(said, here, problem))


def only(said: Days | None) -> date | None:
    """The day that was said, where it is one."""
    return said.days[0] if said and said.days and len(said.days) == 1 else None


def _people_problem(found: Found) -> Problem | None:
    if found.handle:
        return Problem("handle", {"text": found.handle})
    if len(found.people) > 1:
        return Problem("two_people", {"people": ", ".join(found.people.values())})
    if found.people and found.verb not in {None, Verb.UPSELL}:
        return Problem("mention_unused", {"text": next(iter(found.people.values()))})
    return None


def _name_problem(subject: Subject | None) -> Problem | None:
    if subject is None:
        return Problem("name_missing")
    if subject.ref is None and len(subject.name) > LONGEST_NAME:
        return Problem("name_long", {"length": len(subject.name), "limit": LONGEST_NAME})
    return None


def _verb_problem(said: Said, here: Situation) -> Problem | None:
    found = said.found
    verbs = [writing.word(each, here.language) for each in found.verbs]
    if len(verbs) > 1:
        return Problem("two_verbs", {"one": verbs[0], "other": verbs[1]})
    if found.verb in ALONE and (found.stages or found.no_stage is not None):
        return Problem("both_ways", {"verb": verbs[0]})
    if found.no_stage == "" or (found.no_stage and found.verb):
        return Problem("stage_missing")
    return Problem("words_unknown", {"text": said.rest}) if said.rest and found.verb not in ALONE else None


def _amount_problem(found: Found, here: Situation) -> Problem | None:
    if not found.amounts:
        return None
    amount, text = found.amounts[0]
    if len(found.amounts) > 1:
        return Problem("two_amounts", {"one": text, "other": found.amounts[1][1]})
    if amount.value is None:
        return Problem("amount_unread", {"text": text})
    if not fits(amount, here.currency):
        return Problem("currency", {"text": text, "currency": here.currency})
    if amount.value < 0:
        return Problem("negative", {"text": text})
    return Problem("too_large", {"text": text}) if amount.value > LARGEST else None


def _close_problem(found: Found, here: Situation) -> Problem | None:
    if found.close is None:
        return None
    if found.verb in OVER:
        return _past_problem(found.close, here)
    problem = _ahead_problem(found.close, here)
    is_asked = found.verb is None and problem is not None and problem.code == "day_ambiguous"
    return None if is_asked else problem


def _past_problem(said: Days, here: Situation) -> Problem | None:
    if problem := _day_problem(said):
        return problem
    [day] = said.days or ()
    if day > here.today:
        return Problem("day_ahead", {"day": day})
    is_old = day < here.today - timedelta(days=MOST_DAYS_BACK)
    return Problem("day_old", {"day": day, "limit": MOST_DAYS_BACK}) if is_old else None


def _ahead_problem(said: Days, here: Situation) -> Problem | None:
    last = here.today + timedelta(days=365 * LAST_YEARS)
    for day in said.days or ():
        if day < here.today:
            return Problem("day_past", {"day": day})
        if day > last:
            return Problem("day_far", {"years": LAST_YEARS})
    return _day_problem(said)


def _day_problem(said: Days) -> Problem | None:
    if said.days is None:
        return Problem("day_unread", {"text": said.text}) if said.text else Problem("day_missing")
    if not said.days:
        return Problem("day_impossible", {"text": said.text})
    return Problem("day_ambiguous", {"text": said.text, "days": said.days}) if len(said.days) > 1 else None


def _renewal_problem(found: Found, here: Situation) -> Problem | None:
    if found.months is not None and not 0 < found.months <= MOST_MONTHS:
        return Problem("day_far", {"years": MOST_MONTHS // 12})
    return _ahead_problem(found.renewal, here) if found.renewal else None


def _step_problem(found: Found) -> Problem | None:
    if not found.is_step_said:
        return None
    if found.step_days and (problem := _day_problem(found.step_days)):
        return problem
    if found.step is None:
        return Problem("step_missing")
    is_long = len(found.step) > LONGEST_STEP
    return Problem("step_long", {"length": len(found.step), "limit": LONGEST_STEP}) if is_long else None


def _split_problem(found: Found) -> Problem | None:
    if found.split is None:
        return None
    if found.verb not in {None, Verb.UPSELL, Verb.WON}:
        return Problem("split_unused")
    if found.is_split_bare:
        return Problem("split_missing")
    if len(found.split) > MOST:
        return Problem("split_many", {"most": MOST})
    wrong = ((code, each) for n, each in enumerate(found.split) if (code := _share_problem(found, n, each)))
    if said := next(wrong, None):
        return Problem(said[0], {"text": said[1].text})
    whole = sum((each.share or Decimal(0) for each in found.split), Decimal(0))
    return Problem("split_over", {"sum": percent(whole)}) if whole >= WHOLE else None


def _share_problem(found: Found, n: int, each: Named) -> str | None:
    """What is wrong with the share that is named `n`th."""
    if each.share is None:
        return "split_share"
    if each.share <= 0:
        return "split_none"
    if each.share != round(each.share, FINEST):
        return "split_fine"
    if any(each.person == other.person for other in (found.split or ())[:n]):
        return "split_twice"
    return "split_owner" if each.person in found.people else None


def _line(said: Said, here: Situation, mended: Problem | None) -> str:
    """The line behind `/deal`: as far as it was understood, or with what was wrong mended."""
    found = said.found
    has_stage = found.verb not in ALONE
    is_open = has_stage and found.verb is not Verb.REOPEN
    reason = found.reason or ("price" if mended and found.verb is Verb.LOST else None)
    return writing.line(
        _spoken_name(said.subject),
        here.language,
        verb=found.verb,
        money=_amount(said, here, mended) if is_open or found.verb in {Verb.WON, Verb.RENEWED} else None,
        reason=reason,
        close_on=_close_day(found, here, mended) if is_open or found.verb in OVER else None,
        stage=_stage(found, mended) if has_stage else None,
        owner=_owner(found, mended) if is_open else None,
        step=_step(found, here, mended) if is_open else None,
        split=_split(found, mended) if is_open or found.verb is Verb.WON else None,
        note=_note(said, mended, reason),
    )


def _amount(said: Said, here: Situation, mended: Problem | None) -> Money | None:
    if said.money is not None and said.money.minor >= 0 and not (mended and mended.code in _ABOUT_MONEY):
        return said.money
    if mended is None or mended.code not in _ABOUT_MONEY:
        return None
    value = abs(said.found.amounts[0][0].value or Decimal(0))
    return Money.of(value if 0 < value <= LARGEST else USUAL, here.currency)


def _close_day(found: Found, here: Situation, mended: Problem | None) -> date | None:
    if found.close is None:
        return None
    check = _past_problem if found.verb in OVER else _ahead_problem
    first = Days(found.close.days[:1] if found.close.days else found.close.days, found.close.text)
    if check(first, here) is None:
        return only(first)
    return (here.today if found.verb in OVER else here.soon) if mended and mended.code in _ABOUT_DAYS else None


def _stage(found: Found, mended: Problem | None) -> Stage | None:
    if mended and mended.code == "stage_missing":
        return Stage.NEGOTIATION
    return found.stages[0] if found.stages else None


def _owner(found: Found, mended: Problem | None) -> str | None:
    if found.is_split_bare:
        return None
    somebody = _SOMEBODY if mended and mended.code == "handle" and found.split is None else None
    return next(iter(found.people.values()), somebody)


def _step(found: Found, here: Situation, mended: Problem | None) -> tuple[date | None, str] | None:
    if not found.is_step_said or (found.step is None and mended is None):
        return None
    days = found.step_days.days if found.step_days else None
    text = (found.step or writing.word("step", here.language))[:LONGEST_STEP].strip()
    return (days[0] if days else here.soon if found.step_days else None), text


def _split(found: Found, mended: Problem | None) -> list[tuple[str, str]] | None:
    """The shares as they are typed; where something is wrong with them, some that would do."""
    if found.split is None:
        return None
    if mended is None or not (mended.code.startswith("split") or mended.code == "handle"):
        known = [(each.text, percent(each.share)) for each in found.split if each.share is not None]
        return known if known or not (found.split or found.is_split_bare or found.handle) else None
    said = found.people.values() if found.is_split_bare else (each.text for each in found.split)
    names = [name for name in dict.fromkeys(said) if found.is_split_bare or name not in found.people.values()][:MOST]
    names = names or [each for each in _SOME_COLLEAGUES if each not in found.people.values()][:1]
    return [(name, _SOME_SHARE if len(names) == 1 else _FEWER) for name in names]


def _note(said: Said, mended: Problem | None, reason: str | None) -> str | None:
    is_kept = mended is not None and (said.found.verb in ALONE or mended.code == "words_unknown")
    note = " - ".join(each for each in (said.rest if is_kept else None, said.note) if each)
    return note or (_SOME_RIVAL if mended and reason in NEED_A_NOTE else None)


def _spoken_name(subject: Subject | None) -> str | None:
    """The name for an example, without people in it."""
    words = [word for word in subject.name.split() if word[:1] not in ("@", "<")] if subject else []
    text = " ".join(words)[:LONGEST_NAME].strip()
    return text if any(map(str.isalnum, text)) else None
