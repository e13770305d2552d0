"""Who needs a look, and why. Pure: nobody is named for what chance explains."""

from fractions import Fraction

from bot.attainment.pages import Course, Row
from bot.digest.pages import Need, Reason
from bot.figures.ranking import counts_tie
from bot.quota.pace import Pace


def needs(
    row: Row | None,
    *,
    done: int,
    before: int,
    worked: Fraction,
    breached: int,
    untouched: int,
    is_running: bool,
) -> tuple[Reason, ...]:
    """Why one rep needs a look.

    Args:
        row: how they stand against their leading target, if they have one.
        done: how many activities they logged in the period.
        before: in the period before it.
        worked: their working days of the period that are gone.
        breached: offers that they let expire in it.
        untouched: leads that they accepted and have not been in touch with in time.
        is_running: whether the period still runs, so that less than in the one before means nothing.
    """
    found = []
    if untouched:
        found.append(Reason(Need.UNTOUCHED, untouched))
    if not done and worked >= 1:
        found.append(Reason(Need.SILENT, worked))
    if row and row.course is Course.BEHIND and isinstance(row.standing.pace, Pace):
        found.append(Reason(Need.BEHIND, row.standing.pace.share))
    if breached:
        found.append(Reason(Need.BREACHED, breached))
    if done and not is_running and worked >= 1 and done < before and not counts_tie(done, before):
        found.append(Reason(Need.FEWER, done, before))
    return tuple(found)
