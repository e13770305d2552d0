"""A choice over again, among those who stood there then: who was one of them, and who was in, is what was found of them
at that moment, whatever their hours, roles and territories have become since.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.routing.rules import RUNNING, Choice, Lead, Presence, Verdict, route
from bot.routing.standing import Rule, Standing, Taker, after, candidates, caught_up
from bot.working_time.months import is_working


class Seen(NamedTuple):
    """What was found of a candidate when a lead was given: why it was theirs or not, and when they had last joined or
    returned (None where that is not known: then their schedule says it).
    """

    verdict: Verdict
    returned_at: datetime | None = None


ELSEWHERE = frozenset({Verdict.OTHER_TERRITORY, Verdict.OTHER_SEGMENT})


def choose_again(
    lead: Lead,
    takers: Sequence[Taker],
    standings: Mapping[str, Standing],
    now: datetime,
    passed: Collection[str],
    rule: Rule,
    seen: Mapping[str, Seen],
    *,
    is_then: bool,
) -> tuple[Choice, dict[str, Standing]]:
    """As `choose`, for those of `takers` who were looked at then.

    Args:
        lead: as in `choose`, and so the next five.
        takers: everybody, with the weights and caps that are to be tried.
        standings: what is remembered of them.
        now: the moment.
        passed: who has had this lead.
        rule: how the choice falls.
        seen: what was found of the candidates.
        is_then: whether it was found at this very moment. Else only who served such a lead is taken from it; who is
            in is worked out from the schedules, as it is for those of whom something else was found first.
    """
    verdicts = {each: found.verdict for each, found in seen.items()}
    active = [each for each in takers if verdicts.get(each.id, Verdict.NOT_ACTIVE) is not Verdict.NOT_ACTIVE]
    returns = {each: found.returned_at for each, found in seen.items() if found.returned_at} if is_then else {}
    known = caught_up(active, standings, now, returns)
    for each, verdict in verdicts.items():
        if verdict is Verdict.NOT_ACTIVE:
            known[each] = known.get(each, Standing()).seen(now)
    fitting = [each for each in active if verdicts[each.id] not in ELSEWHERE]
    presences = _presences(fitting, verdicts, now) if is_then else {}
    choice = rule(Lead(lead.id), candidates(fitting, known, now, passed, presences, waits=rule is not route))
    if rule is route and choice.decided_by is Verdict.HASH:  # they tie but for the wait, which is what costs
        choice = rule(Lead(lead.id), candidates(fitting, known, now, passed, presences))
    return choice, after(known, choice, now) if choice.winner else dict(standings)


def _presences(takers: Sequence[Taker], verdicts: Mapping[str, Verdict], now: datetime) -> dict[str, Presence]:
    """Whether they were in, of those of whom that was found."""
    running = [each for each in takers if verdicts[each.id] in RUNNING]
    someone_in = Verdict.OFF_HOURS in verdicts.values() or any(is_working(each.schedule, now) for each in running)
    found = dict.fromkeys((each.id for each in running), Presence.IN if someone_in else Presence.OFF_HOURS)
    found |= {each.id: Presence.AWAY for each in takers if verdicts[each.id] is Verdict.AWAY}
    return found | {each.id: Presence.OFF_HOURS for each in takers if verdicts[each.id] is Verdict.OFF_HOURS}
