"""Somebody who sells, what they are paid by, and what happened to them; in days of Berlin."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from bot.access.roles import Role
from bot.money import Money, digits
from bot.pay.earned import Earned, Line, LineKind, Paid, Terms
from bot.pay.period import Period, PeriodOf, quarter_of
from bot.pay.plan import Event, Kind, Plan, Step, plans_of
from bot.pay.rules import reckon

BERLIN = ZoneInfo("Europe/Berlin")
CALENDAR: PeriodOf = partial(quarter_of, first_month=1)
START = date(2020, 1, 1)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
Q3, Q4, Q1 = (CALENDAR(date(*day)) for day in ((2026, 8, 1), (2026, 11, 1), (2027, 2, 1)))


def money(amount: str | int, currency: str = "EUR") -> Money:
    """An amount that the currency has coins for."""
    found = Money.of(Decimal(amount), currency)
    assert found.amount == Decimal(amount), f"{currency} has {digits(currency)} digits"
    return found


def at(day: date | str, hour: int = 12) -> datetime:
    """An hour in Berlin."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(day, time(hour), BERLIN).astimezone(UTC)


def fixed(event: Event, amount: str, *, role: Role = Role.AE, start: date = START) -> Step:
    """An amount for each."""
    return Step(role, start, Kind.FIXED, event, amount=Decimal(amount))


def flat(event: Event, rate: str, *, role: Role = Role.AE, start: date = START) -> Step:
    """A part of each."""
    return Step(role, start, Kind.FLAT, event, rate=Decimal(rate))


def tier(
    lower: str, upper: str | None, rate: str, *, role: Role = Role.AE, start: date = START, event: Event = Event.WON
) -> Step:
    """A part of what lies in a band."""
    return Step(role, start, Kind.TIER, event, Decimal(lower), (upper and Decimal(upper)) or None, rate=Decimal(rate))


TIERS = (tier("0", "100", "0.08"), tier("100", "150", "0.12"), tier("150", None, "0.15"))
"""The trade's example: 0 to 100 % pays 8 %, 100 to 150 % 12 %, from 150 % 15 %."""

LEADS = tuple(
    step
    for role in (Role.SDR, Role.MRR)
    for step in (fixed(Event.REQUALIFIED, "150", role=role), flat(Event.ASSIST_WON, "0.01", role=role))
)


def plans(*steps: Step) -> tuple[Plan, ...]:
    """The plans of some steps."""
    return plans_of(steps)


def terms(
    *steps: Step,
    quota: str | int | None = 100_000,
    currency: str = "EUR",
    window: int = 90,
    paid: dict[str, Paid] | None = None,
    period_of: PeriodOf = CALENDAR,
    periods: tuple[str, ...] = (Q3.name, Q4.name, Q1.name),
) -> Terms:
    """What somebody is paid by, with the same quota for wins in every period."""
    target = None if quota is None else money(quota, currency)
    quotas = {(period, Event.WON): target for period in periods if target is not None}
    return Terms(currency, BERLIN, period_of, plans(*(steps or TIERS)), quotas, window, paid or {})


def earned(
    key: str,
    value: str | int | Money | None,
    when: str | datetime = "2026-10-05",
    *,
    event: Event = Event.WON,
    role: Role = Role.AE,
    recorded: str | datetime | None = None,
    reverses: str | None = None,
) -> Earned:
    """Something that happened, and was recorded at once unless said otherwise."""
    happened_at = at(when) if isinstance(when, str) else when
    recorded_at = at(recorded) if isinstance(recorded, str) else recorded
    worth = money(value) if isinstance(value, str | int) else value
    return Earned(key, "U1", role, event, worth, happened_at, recorded_at or happened_at, f"deal {key}", reverses)


def reopened(of: str, when: str | datetime, **more: str | datetime | None) -> Earned:
    """A win that was none."""
    return earned(f"{of}-back", None, when, event=Event.REOPENED, reverses=of, recorded=more.get("recorded"))


def paid(events: list[Earned], by: Terms, period: Period, when: str) -> Paid:
    """A statement as it was closed at noon of a day."""
    lines = reckon(events, by, at(when)).lines
    return Paid(at(when), tuple(line for line in lines if line.period == period.name))


Short = tuple[str, LineKind, str | None, str]


def short(lines: tuple[Line, ...], period: Period | None = None) -> list[Short]:
    """What matters of lines: the event, how it came to be, base and amount."""
    return [
        (line.earned, line.kind, None if line.base is None else str(line.base.amount), str(line.amount.amount))
        for line in lines
        if period is None or line.period == period.name
    ]


def total(lines: tuple[Line, ...], period: Period | None = None) -> str:
    """What lines add up to."""
    minor = sum(line.amount.minor for line in lines if period is None or line.period == period.name)
    currency = lines[0].amount.currency if lines else "EUR"
    return str(Money(currency, minor).amount)


def days(n: int) -> timedelta:
    """So many days."""
    return timedelta(days=n)
