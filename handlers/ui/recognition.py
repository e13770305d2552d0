"""The leaderboard of a week, one's own card beneath it, and milestones."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from babel.numbers import format_decimal

from bot.figures.scorecard import Card
from bot.recognition.pages import Leaderboard, Milestone
from bot.recognition.rules import ACCEPTED, Standing
from bot.words import Words
from handlers import ids
from handlers.ui.blocks import (
    Block,
    Message,
    Mrkdwn,
    actions,
    button,
    context,
    escape,
    header,
    in_sections,
    md,
    md_plural,
    section,
)
from handlers.ui.digest import days_and_moment, period_name
from handlers.ui.quota_figures import metric_name, percent, tenths

SEPARATOR = " · "

SHOWN = 50
"""People in one message."""


def leaderboard(words: Words, page: Leaderboard) -> Message:
    """In its channel: who stands where, what is weighed, and the way out of it."""
    leave = button(words("recognition.leave"), ids.BOARD_LEAVE, ids.pack())
    return _message(words, page, [actions(leave)])


def own_leaderboard(words: Words, page: Leaderboard) -> Message:
    """For one reader, with their own card and the way out of it, or back."""
    verb, action = ("back", ids.BOARD_BACK) if page.is_out else ("leave", ids.BOARD_LEAVE)
    mine = [section(own_card(words, page.mine))] if page.mine else []
    out = [context(md(words, "recognition.is_out"))] if page.is_out else []
    return _message(words, page, [*mine, *out, actions(button(words(f"recognition.{verb}"), action, ids.pack()))])


def _message(words: Words, page: Leaderboard, ways: Iterable[Block]) -> Message:
    title = words("recognition.title", period=period_name(words, page.week))
    lines = list(_lines(words, page))
    blocks = [header(title), *(section(each) for each in in_sections(lines)), *ways]
    blocks.append(context(*_small_print(words, page)))
    return Message(Mrkdwn("\n".join([escape(title), *lines])), blocks)


def _lines(words: Words, page: Leaderboard) -> Iterator[Mrkdwn]:
    if not page.standings:
        yield md(words, "recognition.nobody")
        return
    if not page.has_places:
        yield md(words, "recognition.all_tie") if len(page.standings) > 1 else md(words, "recognition.one")
    for each in page.standings[:SHOWN]:
        yield _line(words, each)
    further = len(page.standings) - SHOWN
    if further > 0:
        yield md_plural(words, "recognition.further", further)


def _line(words: Words, each: Standing) -> Mrkdwn:
    score = tenths(words, each.card.score or Fraction(0))
    if each.place is None:
        return md(words, "recognition.line", name=each.name, score=score)
    return md(words, "recognition.placed", place=str(each.place), name=each.name, score=score)


def _small_print(words: Words, page: Leaderboard) -> Iterator[Mrkdwn]:
    yield from days_and_moment(words, page.week, page.when)
    yield md(words, "recognition.weighed", weights=weighed(words, page.weights))
    if page.has_places:
        yield md(words, "recognition.ties")
    if page.is_running:
        yield md(words, "recognition.so_far")
    if page.without_score:
        yield md_plural(words, "recognition.without_score", page.without_score)


def weighed(words: Words, weights: Mapping[str, int]) -> str:
    """`Revenue 50, Deals 20`."""
    return ", ".join(f"{figure_name(words, name)} {weight}" for name, weight in weights.items())


def figure_name(words: Words, name: str) -> str:
    """What a figure of the card is called."""
    return words("recognition.accepted") if name == ACCEPTED else metric_name(words, name)


def own_card(words: Words, card: Card) -> Mrkdwn:
    """`Revenue 51 % × 50 = 25.42 · … Your score: 53.92 ÷ 80 = 67.40`, or why there is none."""
    parts = []
    for item in card.items:
        name = figure_name(words, item.name)
        if item.reached is None or item.points is None:
            parts.append(words("recognition.no_target", name=name))
        else:
            shown = {"reached": percent(words, item.reached), "points": hundredths(words, item.points)}
            parts.append(words("recognition.part", name=name, weight=item.weight, **shown))
    lines = [escape(each) for each in parts]
    if card.score is None:
        lines.append(md(words, "recognition.no_score", counted=str(card.counted), whole=str(card.whole)))
    else:
        points = sum((item.points for item in card.items if item.points is not None), Fraction(0))
        shown = {"points": hundredths(words, points), "score": hundredths(words, card.score)}
        lines.append(md(words, "recognition.score", counted=str(card.counted), **shown))
    return Mrkdwn("\n".join([md(words, "recognition.own"), *lines]))


def hundredths(words: Words, value: Fraction) -> str:
    """A number with two decimals: `67.40`."""
    return format_decimal(Decimal(round(value * 100)) / 100, "0.00", locale=words.language)


def decided(words: Words, *, is_out: bool, is_new: bool) -> Message:
    """Somebody is left out from now on, or is not."""
    way = ("left" if is_out else "returned") if is_new else ("left_already" if is_out else "returned_already")
    said = md(words, f"recognition.{way}", command=f"{ids.DIGEST_COMMAND} leaderboard {'on' if is_out else 'off'}")
    verb, action = ("back", ids.BOARD_BACK) if is_out else ("leave", ids.BOARD_LEAVE)
    return Message(said, [section(said), actions(button(words(f"recognition.{verb}"), action, ids.pack()))])


def milestone(words: Words, page: Milestone) -> Message:
    """What was reached, or that it was taken back, in its place."""
    if page.is_undone:
        said = md(words, "recognition.milestone.undone", name=page.name)
    elif page.wins:
        key = "recognition.milestone.first" if page.wins == 1 else "recognition.milestone.wins"
        said = md(words, key, name=page.name, wins=str(page.wins))
    else:
        key = "recognition.milestone.team" if page.is_team else "recognition.milestone.target"
        said = md(words, key, name=page.name, period=page.period or "")
    return Message(said, [section(said)])
