"""What the sample team sells: leads, hand-offs that landed or did not, deals in every stage, and what waits today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import cycle
from zoneinfo import ZoneInfo

from sqlalchemy import update

from bot.access.actor import Actor
from bot.activity import service as activity
from bot.activity.entry import Entry, Kind, Outcome, Who
from bot.clock import instant
from bot.deals import queries as deals
from bot.deals import service as selling
from bot.deals.closing import Loss, Win
from bot.deals.service import Wish
from bot.deals.states import Stage
from bot.delivery.model import Delivery
from bot.delivery.states import State
from bot.handoffs import service as handoffs
from bot.handoffs.giving import Giving, give
from bot.handoffs.queries import HandoffRow
from bot.handoffs.rules import Answer, Known
from bot.leads import service as leads
from bot.leads.changes import NewLead
from bot.leads.vocabulary import Source
from bot.money import Money
from bot.store.engine import Store
from bot.store.sql import table_of

delivery = table_of(Delivery)

TEN, SATURDAY = time(10), 5


@dataclass(frozen=True, slots=True)
class Past:
    """A lead of some working days ago, and what became of it: a stage of its deal, or why it was not qualified."""

    days: int
    lead: NewLead
    stage: Stage | None
    amount: int = 0
    reason: str = ""


SAID = {
    Source.WEBSITE: "How soon can we start?",
    Source.WEBINAR: "Compares three vendors, decides this quarter",
    Source.WHITEPAPER: "Is there an API?",
    Source.EVENT: "Met at the fair, wants a demo before Christmas",
    Source.REFERRAL: "A customer of ours sent them",
    Source.PARTNER: "Wants it before the new year",
    Source.ADS: "Cheaper, please",
}


def _lead(company: str, person: str, title: str, source: Source, employees: int, country: str) -> NewLead:
    return NewLead(
        company,
        person=person,
        title=title,
        email=f"{person.split(maxsplit=1)[0].lower()}@{company.split(maxsplit=1)[0].lower()}.example",
        phone="+1 555 0142",
        source=source,
        said=SAID[source],
        employees=employees,
        country=country,
        industry="software",
        more={"budget": "set aside"},
    )


PAST = (
    Past(9, _lead("Northlight", "Vera Holm", "Head of IT", Source.WEBINAR, 250, "DE"), Stage.WON, 24_000),
    Past(8, _lead("Vandelay", "Art Vandelay", "CEO", Source.WEBSITE, 40, "US"), Stage.WON, 9_500),
    Past(8, _lead("Brightpath", "Noor Aziz", "Operations", Source.REFERRAL, 90, "GB"), Stage.NEGOTIATION, 31_000),
    Past(7, _lead("Cyberdyne", "Miles Dyson", "Director", Source.EVENT, 800, "US"), Stage.DEMO, 18_000),
    Past(6, _lead("Tessellate", "Kim Lund", "VP Sales", Source.PARTNER, 120, "SE"), Stage.CONCERNS, 12_500),
    Past(5, _lead("Bluth", "Lucille B", "Owner", Source.ADS, 12, "US"), None, reason="no-budget"),
    Past(4, _lead("Prestige", "Tom Wu", "Student", Source.WHITEPAPER, 2, "NL"), None, reason="not-buyer"),
    Past(3, _lead("Aperture", "Cave J", "Founder", Source.WEBINAR, 300, "US"), Stage.LOST, 40_000, "price"),
    Past(1, _lead("Lumon", "Helly R", "Team Lead", Source.WEBSITE, 500, "US"), Stage.NEEDS, 15_000),
)

ON_OFFER = _lead("Massive Dynamic", "Nina Sharp", "Chief of Staff", Source.EVENT, 600, "GB")
WAITING = (
    _lead("Oscorp", "Norma O", "Head of Research", Source.WEBSITE, 1_200, "US"),
    _lead("Pied Piper", "Dinesh C", "Engineer", Source.WHITEPAPER, 15, "IN"),
)

KNOWN = {"budget": Answer(Known.YES, "set aside"), "need": Answer(Known.YES, "Nobody sees who calls whom")}


def fill(store: Store, givers: list[Actor], takers: list[Actor], currency: str, now: datetime) -> None:
    """The last weeks, then today.

    Args:
        store: with the team in it.
        givers: who claims and hands over, in turn.
        takers: account executives; whose turn it is, the rules decide.
        currency: of the workspace.
        now: the moment.
    """
    by_id = {each.id: each for each in takers}
    for past, giver in zip(PAST, cycle(givers), strict=False):
        _live(store, past, giver, by_id, currency, now)
    _say_nothing_of(store)
    for n, lead in enumerate(WAITING):
        leads.take_in(store, givers[0].workspace_id, lead, origin=f"sample:{n}", now=now - timedelta(minutes=2 - n))
    _hand_over(store, ON_OFFER, givers[0], now)


def _live(store: Store, past: Past, giver: Actor, takers: Mapping[str, Actor], currency: str, now: datetime) -> None:
    """One lead's way, at ten in the morning of its day."""
    at = _working_morning(giver.zone, now, past.days)
    given = _hand_over(store, past.lead, giver, at)
    taker, row = takers.get(given.taker_id or ""), given.id
    if taker is None:
        return  # a holiday everywhere
    handoffs.accept(store, taker, row, at + timedelta(minutes=10))
    _calls(store, taker, past.lead.company, at + timedelta(hours=2))
    later = at + timedelta(hours=3)
    if past.stage is None:
        handoffs.reject(store, taker, row, past.reason, None, later)
        return
    handoffs.requalify(store, taker, row, {"authority": Answer(Known.YES, past.lead.person or "")}, None, later)
    with store.read() as tx:
        deal = deals.of_handoff(tx, taker.workspace_id, row)
    assert deal is not None
    worth = Money(currency, past.amount * 100)
    name = f"sample:{past.lead.company}"
    closes = (now + timedelta(days=30)).date()
    open_stage = Stage.NEGOTIATION if past.stage in {Stage.WON, Stage.LOST} else past.stage
    wish = Wish(money=worth, stage=open_stage if open_stage is not Stage.NEEDS else None, close_on=closes)
    selling.change(store, taker, deal.id, wish, origin=name, now=later + timedelta(minutes=5))
    if past.stage is Stage.WON:
        selling.win(store, taker, deal.id, Win(worth), origin=f"{name}:won", now=later + timedelta(hours=1))
    if past.stage is Stage.LOST:
        selling.lose(store, taker, deal.id, Loss(past.reason), origin=f"{name}:lost", now=later + timedelta(hours=1))


def _hand_over(store: Store, lead: NewLead, giver: Actor, at: datetime) -> HandoffRow:
    """A lead comes in, is claimed, called and handed over to whoever's turn it is."""
    name = f"sample:{lead.company}"
    came = at - timedelta(minutes=25)
    received = leads.take_in(store, giver.workspace_id, lead, origin=name, now=came, quietly=True)
    leads.claim(store, giver, received.lead_id, origin=f"{name}:claim", now=came + timedelta(minutes=1))
    _calls(store, giver, lead.company, came + timedelta(minutes=4))
    return give(store, giver, Giving(lead.company, answers=KNOWN), origin=f"{name}:give", now=at)


def _calls(store: Store, actor: Actor, company: str, at: datetime) -> None:
    day = at.astimezone(actor.zone).date()
    if day.weekday() >= SATURDAY:
        return
    entry = Entry(Kind.CALL, day, who=Who(company), minutes=15, outcome=Outcome.CONNECTED)
    activity.log(store, actor, [entry], origin=f"sample:{actor.id}:{company}", now=at)


def _say_nothing_of(store: Store) -> None:
    """What was said in those weeks is not said now, all at once."""
    with store.write() as tx:
        tx.execute(update(delivery).values(state=State.DROPPED, reason="sample"))


def _working_morning(zone: ZoneInfo, now: datetime, days: int) -> datetime:
    """Ten o'clock, so many working days ago."""
    day = now.astimezone(zone).date()
    while days:
        day -= timedelta(days=1)
        days -= day.weekday() < SATURDAY
    return instant(day, TEN, zone)
