"""From what happened to deals, hand-offs and customers to what each person earns, or loses, by it.

A win is earned once by everybody who has a part in it: whoever had the deal, has a share of it, or gave the lead, the
specialists who joined it while it was open, and the managers above those who sold it. Who has several parts has the
first of these; only a lead is paid for beside a share. Of a deal that is divided, those who sold it earn by their
shares, a manager by the shares of those below, and who found the buyer, or helped, by the whole. What is undone names
what it undoes.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import reduce
from operator import add
from typing import NamedTuple
from uuid import UUID

from bot.access.roles import Role
from bot.deals.sold import Ending, Leaving, Left, Sold
from bot.deals.split import WHOLE, by_person, credited
from bot.deals.states import Kind, Turn, What
from bot.handoffs.credited import Requalified
from bot.money import Money
from bot.pay.earned import Earned, Share
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
    is_won = False
    for each in sold.endings:
        if each.what == What.WON and is_won:
            stands = tuple(_divided(sold, each, stands, roster, found))
            wins[-1] = replace(wins[-1], earned=stands)
        elif each.what == What.WON:
            is_won, stands = True, tuple(_earned(sold, each, roster, found))
            wins.append(_Won(each.account_id, sold.deal_id, each.happened_at, stands))
        elif each.what == What.REOPENED:
            found.earned += [_undone(one, sold.deal_id, each) for one in stands]
            is_won, stands = False, ()
    return wins


def _undone(won: Earned, deal_id: UUID, each: Ending, event: Event = Event.REOPENED) -> Earned:
    return replace(
        won,
        id=f"{deal_id.hex}:{each.n}{_suffix(won)}",
        event=event,
        value=None,
        happened_at=each.happened_at,
        recorded_at=each.recorded_at,
        reverses=won.id,
    )


def _divided(sold: Sold, each: Ending, stands: tuple[Earned, ...], roster: Roster, found: Events) -> Iterator[Earned]:
    """What everybody earns by a win that is divided anew: what stays as it was stands, the rest is taken back, and
    earned by the shares of now. Both belong to the day of the win, as is known since.
    """
    then = Events()
    by_part = {(one.person, one.event): one for one in _earned(sold, each, roster, then)}
    found.unheld += [one for one in then.unheld if one not in found.unheld]
    for was in stands:
        now = by_part.get((was.person, was.event))
        if now and (now.role, now.value, now.share) == (was.role, was.value, was.share):
            by_part[was.person, was.event] = was
        else:
            back = _undone(was, sold.deal_id, each, Event.SPLIT)
            found.earned.append(replace(back, id=f"{back.id}.back"))
    found.earned += [one for one in by_part.values() if one not in stands]
    yield from by_part.values()


_ASSIST = ".a"
"""Ends the id of what somebody earns by a lead who has a share of its deal, too."""


def _suffix(won: Earned) -> str:
    return _ASSIST if won.id.endswith(_ASSIST) else ""


def _earned(sold: Sold, each: Ending, roster: Roster, found: Events) -> Iterator[Earned]:
    """What everybody earns by one win."""
    for part in _parts(sold, each, roster, found):
        one = Earned(
            f"{sold.deal_id.hex}:{each.n}{_ASSIST if part.is_second else ''}",
            part.person,
            part.role,
            part.event,
            part.value,
            each.happened_at,
            each.recorded_at,
            sold.company,
            share=part.share,
            is_help=part.is_help,
        )
        found.earned.append(one)
        yield one


class _Part(NamedTuple):
    """Somebody's part in a win, in which role and by which event; `is_second` of who has a share of it, too."""

    person: str
    role: Role
    event: Event
    value: Money
    share: Share | None = None
    is_second: bool = False
    is_help: bool = False


def _parts(sold: Sold, each: Ending, roster: Roster, found: Events) -> Iterator[_Part]:
    """Who has a part in a win."""
    at, giver, whole = each.happened_at, each.giver_id, Money(each.currency, each.amount or 0)
    event = Event.RENEWED if each.kind is Kind.RENEWAL else Event.WON
    given_at = roster.given.get(each.handoff_id) if each.handoff_id else None
    values = credited(whole, each.shares, each.owner_id)
    shares = {person: _share(share, whole) for person, share in by_person(each.shares, each.owner_id).items()}
    mine = [(person, event, at, values[person], shares[person]) for person in values]
    mine += [(giver, Event.ASSIST_WON, given_at or each.opened_at, whole, None)] if giver else []
    seen: set[str] = set()
    for person, what, held_at, value, share in mine:
        is_second = person in seen
        if is_second and person == each.owner_id:
            continue
        if role := roster.role(person, what, at, held_at):
            yield _Part(person, role, what, value, share, is_second)
        else:
            found.unheld.append(Unheld(person, at, sold.company))
        seen.add(person)
    for person, role, value, share in _others(each, roster, values, shares, whole):
        if person not in seen and role in roster.roles(person, at):
            yield _Part(person, role, event, value, share, is_help=role is Role.SPECIALIST)
            seen.add(person)


def _others(
    each: Ending,
    roster: Roster,
    values: Mapping[str, Money],
    shares: Mapping[str, Share | None],
    whole: Money,
) -> Iterator[tuple[str, Role, Money, Share | None]]:
    """Who helped, by the whole; who leads those who sold it, by what they did."""
    for person in roster.helpers(each.account_id, each.opened_at, each.happened_at):
        yield person, Role.SPECIALIST, whole, None
    below: dict[str, list[str]] = {}
    for person in values:
        for manager in roster.above(person, each.happened_at):
            below.setdefault(manager, []).append(person)
    for manager, sellers in below.items():
        percent = sum((share.percent for person in sellers if (share := shares[person])), Decimal(0))
        value = reduce(add, (values[person] for person in sellers), Money(whole.currency, 0))
        yield manager, Role.MANAGER, value, _share(percent, whole) if len(sellers) < len(values) else None


def _share(percent: Decimal, whole: Money) -> Share | None:
    """A share that is not the whole."""
    return None if percent == WHOLE else Share(percent, whole)


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
                id=f"{key}.{number}{_suffix(one)}",
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
