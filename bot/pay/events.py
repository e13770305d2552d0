"""From what happened to deals, hand-offs and customers to what each person earns, or loses, by it.

A win is earned once by everybody who has a part in it: whoever had the deal, whoever gave the lead, the specialists who
joined it while it was open, and the managers above its owner; who has several parts has the first of these. What is
undone names what it undoes.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from bot.access.roles import Role
from bot.deals.sold import Ending, Leaving, Left, Sold
from bot.deals.states import Kind, Turn, What
from bot.handoffs.credited import Requalified
from bot.money import Money
from bot.pay.earned import Earned
from bot.pay.plan import Event
from bot.pay.roster import Roster

Covers = Callable[[datetime, datetime], bool]
"""Whether a loss lies in the clawback window of a win."""


@dataclass(frozen=True, slots=True)
class Unheld:
    """Something that somebody would have earned, had they held a role then."""

    person: str
    at: datetime
    subject: str


@dataclass(slots=True)
class Events:
    """Everything that was earned, and what could not be for want of a role."""

    earned: list[Earned] = field(default_factory=list)
    unheld: list[Unheld] = field(default_factory=list)

    def of(self, person: str) -> list[Earned]:
        """What one person earned."""
        return [each for each in self.earned if each.person == person]


@dataclass(frozen=True, slots=True)
class _Won:
    """A win that stands, with what each person earned by it."""

    account_id: UUID
    deal_id: UUID
    at: datetime
    earned: tuple[Earned, ...]


def gather(
    sold: Iterable[Sold],
    left: Iterable[Left],
    requalified: Iterable[Requalified],
    roster: Roster,
    covers: Covers,
    paid: Collection[tuple[str, str]] = (),
) -> Events:
    """What everybody earned.

    Args:
        sold: deals that were won, in the order of their ids.
        left: customers who left, likewise.
        requalified: leads that were.
        roster: who did what on which day.
        covers: the clawback window.
        paid: person and id of what paid statements are made of: a loss that stands in one and was undone since is
            earned anew, for what was paid never changes.
    """
    found, wins = Events(), list[_Won]()
    for lead in requalified:
        _of_lead(lead, roster, found)
    for deal in sold:
        wins += _of_deal(deal, roster, found)
    by_account: dict[UUID, list[_Won]] = {}
    for won in wins:
        by_account.setdefault(won.account_id, []).append(won)
    for customer in left:
        _of_customer(customer, by_account.get(customer.account_id, []), roster, covers, frozenset(paid), found)
    return found


def _of_lead(lead: Requalified, roster: Roster, found: Events) -> None:
    role = roster.role(lead.giver_id, Event.REQUALIFIED, lead.at, lead.given_at)
    if role is None:
        found.unheld.append(Unheld(lead.giver_id, lead.at, lead.company))
        return
    key = f"{lead.handoff_id.hex}:{lead.n}"
    found.earned.append(
        Earned(key, lead.giver_id, role, Event.REQUALIFIED, None, lead.at, lead.recorded_at, lead.company)
    )


def _of_deal(sold: Sold, roster: Roster, found: Events) -> list[_Won]:
    """Wins and what took them back; the wins, those among them that were."""
    wins: list[_Won] = []
    stands: tuple[Earned, ...] = ()
    for each in sold.endings:
        if each.what == What.WON:
            stands = tuple(_earned(sold, each, roster, found))
            wins.append(_Won(each.account_id, sold.deal_id, each.happened_at, stands))
        elif each.what == What.REOPENED and stands:
            found.earned += [_undone(one, sold.deal_id, each) for one in stands]
            stands = ()
    return wins


def _undone(won: Earned, deal_id: UUID, each: Ending) -> Earned:
    return replace(
        won,
        id=f"{deal_id.hex}:{each.n}",
        event=Event.REOPENED,
        value=None,
        happened_at=each.happened_at,
        recorded_at=each.recorded_at,
        reverses=won.id,
    )


def _earned(sold: Sold, each: Ending, roster: Roster, found: Events) -> Iterator[Earned]:
    """What everybody earns by one win."""
    value = Money(each.currency, each.amount or 0)
    for person, role, event in _parts(sold, each, roster, found):
        one = Earned(
            f"{sold.deal_id.hex}:{each.n}",
            person,
            role,
            event,
            value,
            each.happened_at,
            each.recorded_at,
            sold.company,
        )
        found.earned.append(one)
        yield one


def _parts(sold: Sold, each: Ending, roster: Roster, found: Events) -> Iterator[tuple[str, Role, Event]]:
    """Who has a part in a win, each once, in which role and by which event."""
    at, owner, giver = each.happened_at, each.owner_id, each.giver_id
    event = Event.RENEWED if each.kind is Kind.RENEWAL else Event.WON
    given_at = roster.given.get(each.handoff_id) if each.handoff_id else None
    mine = [(owner, event, at), *([(giver, Event.ASSIST_WON, given_at or each.opened_at)] if giver else [])]
    seen: set[str] = set()
    for person, what, held_at in mine:
        role = roster.role(person, what, at, held_at)
        if person not in seen and role:
            yield person, role, what
        elif person not in seen:
            found.unheld.append(Unheld(person, at, sold.company))
        seen.add(person)
    helpers = roster.helpers(each.account_id, each.opened_at, at)
    others = [(person, Role.SPECIALIST) for person in helpers]
    others += [(person, Role.MANAGER) for person in roster.above(owner, at)]
    for person, role in others:
        if person not in seen and role in roster.roles(person, at):
            yield person, role, event
            seen.add(person)


def _of_customer(
    left: Left,
    wins: list[_Won],
    roster: Roster,
    covers: Covers,
    paid: frozenset[tuple[str, str]],
    found: Events,
) -> None:
    """What a customer's leaving takes back, or costs; nothing where it was a mistake that nobody was paid by."""
    losses: list[Earned] = []
    for each in left.leavings:
        if each.what == Turn.CHURNED:
            losses = list(_losses(left, each, wins, roster, covers))
            found.earned += losses
        elif losses:
            _taken_back(losses, each, wins, paid, found)
            losses = []


def _losses(left: Left, each: Leaving, wins: list[_Won], roster: Roster, covers: Covers) -> Iterator[Earned]:
    """The deal that ran is lost, and what else was won within the window; whoever cares for them loses by it, too."""
    key = f"{left.account_id.hex}:{each.n}"
    seen: set[str] = set()
    then = [won for won in wins if won.at <= each.happened_at]
    for number, won in enumerate(then):
        is_running = won.deal_id == each.deal_id and won is _last(then, won.deal_id)
        if not (is_running or covers(won.at, each.happened_at)):
            continue
        for one in won.earned:
            seen |= {one.person} if is_running else set()
            yield replace(
                one,
                id=f"{key}.{number}",
                event=Event.CHURNED,
                happened_at=each.happened_at,
                recorded_at=each.recorded_at,
                reverses=one.id,
            )
    carer = each.csm_id
    role = roster.role(carer, Event.CHURNED, each.happened_at) if carer and carer not in seen else None
    if carer and role and each.amount is not None and each.currency:
        value = Money(each.currency, each.amount)
        yield Earned(f"{key}.c", carer, role, Event.CHURNED, value, each.happened_at, each.recorded_at, left.company)


def _last(wins: list[_Won], deal_id: UUID) -> _Won:
    return [won for won in wins if won.deal_id == deal_id][-1]


def _taken_back(
    losses: list[Earned], each: Leaving, wins: list[_Won], paid: frozenset[tuple[str, str]], found: Events
) -> None:
    """They had not left after all: what nobody was paid by is as if it had never been, the rest is earned anew."""
    origins = {(one.person, one.id): one for won in wins for one in won.earned}
    for loss in losses:
        if (loss.person, loss.id) not in paid:
            found.earned.remove(loss)
        elif origin := origins.get((loss.person, loss.reverses or "")):
            found.earned.append(
                replace(origin, id=f"{loss.id}.{each.n}", happened_at=each.happened_at, recorded_at=each.recorded_at)
            )
