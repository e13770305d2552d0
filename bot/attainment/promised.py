"""What open deals promise within a period, by the share of each stage that was won: it stands beside the run rate."""

from dataclasses import replace

from sqlalchemy import Connection

from bot.attainment.frame import Frame
from bot.attainment.pages import Part
from bot.figures.conversion import WinShares
from bot.figures.pipeline import pipeline
from bot.money import Money
from bot.performance.deals import promised_deals
from bot.performance.shares import win_shares
from bot.quota.metrics import REVENUE


def promised(tx: Connection, frame: Frame, ids: list[str], parts: list[Part]) -> list[Part]:
    """The parts with the pipeline of these people's open deals, where they are in money and not over."""
    today, currency = frame.when.today, frame.settings.currency
    ahead = [part for part in parts if part.metric == REVENUE and today <= part.period.last]
    if not ahead:
        return parts
    deals = promised_deals(tx, frame.workspace_id, ids, frame.known)
    shares = win_shares(tx, frame.workspace_id, today) if deals else WinShares({}, {})

    def with_pipeline(part: Part) -> Part:
        won, period = Money(currency, part.standing.achieved), part.period
        found = pipeline(deals, shares, won=won, first=period.first, last=period.last, today=today)
        return replace(part, pipeline=found)

    return [with_pipeline(part) if part in ahead else part for part in parts]
