"""What somebody wants with a deal, as plain JSON: it travels in the buttons of questions until all is clear."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from bot.clock import instant
from bot.deals.after_sale import Renewal
from bot.deals.closing import Loss, Win
from bot.deals.said import (
    About,
    Churned,
    ForNothing,
    Lost,
    Renewed,
    Reopen,
    Shares,
    Show,
    Update,
    Upsell,
    WhichDay,
    WhichStage,
    WhyLost,
    Won,
)
from bot.deals.service import Wish
from bot.deals.split import percent
from bot.deals.states import Stage
from bot.money import Money
from handlers.answers import Request

Packed = dict[str, Any]

LONGEST_CARRIED = 700
"""Characters of a note, or of a next step, that a button carries."""

SHOW, UPDATE, WON, LOST, REOPEN, RENEWED, CHURNED, UPSELL = (
    "show",
    "update",
    "won",
    "lost",
    "reopen",
    "renewed",
    "churned",
    "upsell",
)


def named(said: About) -> tuple[str, str | None]:
    """Which company a line names."""
    match said:
        case Upsell(update) | WhichDay(update) | WhichStage(update):
            return update.name, update.ref
        case ForNothing(won):
            return won.name, won.ref
    return said.name, said.ref


def packed(said: About) -> Packed:
    """What a line wants, without the company."""
    match said:
        case Update():
            wish = _update(said, UPDATE)
        case Upsell(update):
            wish = _update(update, UPSELL)
        case WhichDay(update) | WhichStage(update):
            wish = _update(update, UPDATE)
        case Won() | ForNothing():
            wish = _won(said.won if isinstance(said, ForNothing) else said)
        case Lost() | WhyLost():
            reason = said.reason if isinstance(said, Lost) else None
            wish = {"a": LOST, "r": reason, "n": said.note, "t": _iso(said.on)}
        case Reopen():
            wish = {"a": REOPEN, "s": said.stage}
        case Renewed():
            money, until = _money(said.money), _iso(said.renewal_on)
            wish = {"a": RENEWED, **money, "w": until, "k": said.months, "n": said.note, "g": said.grouped}
        case Churned():
            wish = {"a": CHURNED, "r": said.reason, "n": said.note}
        case Show():
            wish = {"a": SHOW}
    return {name: _cut(value) for name, value in wish.items() if value is not None}


def wish_of(value: Packed) -> Wish:
    """What is to be different about a deal."""
    return Wish(
        money=money_of(value),
        close_on=_day(value.get("c")),
        stage=Stage(value["s"]) if value.get("s") else None,
        next_step=value.get("x"),
        next_on=_day(value.get("y")),
        owner_id=value.get("o"),
        note=value.get("n"),
        split=split_of(value),
    )


def win_of(request: Request, value: Packed) -> Win:
    """What is said of a win."""
    return Win(
        money=money_of(value),
        happened_at=moment_of(request, _day(value.get("t"))),
        renewal_on=_day(value.get("w")),
        months=value.get("k"),
        note=value.get("n"),
        is_sure=bool(value.get("z")),
        split=split_of(value),
    )


def loss_of(request: Request, value: Packed) -> Loss:
    """What is said of a loss."""
    return Loss(value.get("r"), value.get("n"), moment_of(request, _day(value.get("t"))))


def renewal_of(value: Packed) -> Renewal:
    """What is said of a renewal."""
    return Renewal(money_of(value), _day(value.get("w")), value.get("k"), value.get("n"))


def money_of(value: Packed) -> Money | None:
    """The amount, with its currency."""
    return Money(str(value["u"]), int(value["m"])) if "m" in value else None


def split_of(value: Packed) -> tuple[tuple[str, Decimal], ...] | None:
    """Who has how many percent besides the owner, in the order that was typed; None where nothing was said of it."""
    return tuple((person, Decimal(share)) for person, share in value["p"]) if "p" in value else None


def moment_of(request: Request, day: date | None) -> datetime | None:
    """The noon of a day that has passed, where the person is; None for today, which is now."""
    return None if day is None or day >= request.today else instant(day, time(12), request.actor.zone)


def _update(update: Update, verb: str) -> Packed:
    return {
        "a": verb,
        **_money(update.money),
        "c": _iso(update.close_on),
        "s": update.stage,
        "x": update.next_step,
        "y": _iso(update.next_on),
        "o": update.owner,
        "n": update.note,
        "g": update.grouped,
        "p": _split(update.split),
    }


def _won(won: Won) -> Packed:
    return {
        "a": WON,
        **_money(won.money),
        "t": _iso(won.on),
        "w": _iso(won.renewal_on),
        "k": won.months,
        "n": won.note,
        "g": won.grouped,
        "p": _split(won.split),
    }


def _split(split: Shares | None) -> list[list[str]] | None:
    return None if split is None else [[person, percent(share)] for person, share in split]


def _money(money: Money | None) -> Packed:
    return {"m": money.minor, "u": money.currency} if money is not None else {}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _cut(value: Any) -> Any:
    return value[:LONGEST_CARRIED] if isinstance(value, str) else value
