"""Deals for the figures' tests, sensible in every field."""

from datetime import date, timedelta
from typing import Any

from bot.figures.deals import ClosedDeal, OpenDeal
from bot.money import Money

STAGES = ("requalify", "needs", "demo", "concerns", "negotiation")
CLOSED = date(2026, 11, 18)


def eur(amount: int) -> Money:
    """So many euros."""
    return Money("EUR", amount * 100)


def a_closed(
    deal_id: str = "D1", *, won: bool = True, days: int = 21, amount: int | None = 24_000, **more: Any
) -> ClosedDeal:
    """A deal that closed on `CLOSED` after so many days, worth so many euros."""
    values = {"opened": CLOSED - timedelta(days=days), "closed": CLOSED, "entered": frozenset({"needs"}), **more}
    return ClosedDeal(deal_id, won, amount=None if amount is None else eur(amount), **values)


def an_open(deal_id: str = "D1", *, stage: str = "needs", amount: int | None = 24_000, **more: Any) -> OpenDeal:
    """A deal that closes before the quarter does, unless said otherwise."""
    values = {"opened": date(2026, 10, 1), "closes": date(2026, 12, 15), **more}
    return OpenDeal(deal_id, stage, amount=None if amount is None else eur(amount), **values)


def worked() -> list[ClosedDeal]:
    """A hundred closed deals: 100 entered needs, 70 demo, 49 concerns, 35 negotiation, 25 were won."""
    furthest = ["needs"] * 30 + ["demo"] * 21 + ["concerns"] * 14 + ["negotiation"] * 10
    lost = [a_closed(f"L{at}", won=False, entered=frozenset({stage})) for at, stage in enumerate(furthest)]
    return lost + [a_closed(f"W{at}", entered=frozenset({"needs"})) for at in range(25)]
