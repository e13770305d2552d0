"""The checklist of a deal's stage: to tick for whoever may, to read for the others, with who did what and when."""

from bot.deals.pages import Card
from bot.deals.process import point_said
from bot.deals.states import Stage
from bot.words import Words
from bot.workspace.checklists import Question
from handlers import ids
from handlers.ui.blocks import Block, Mrkdwn, actions, checkboxes, escape, md_plural, option, section

DONE, OPEN = "✓", "•"


def points(words: Words, page: Card) -> list[Block]:
    """What the stage asks for."""
    if not page.points:
        return []
    title = Mrkdwn(f"*{escape(words(f'deals.check.title.{page.row.stage}'))}*")
    if not page.can_change:
        return [section(Mrkdwn("\n".join([title, *(_line(words, page, each) for each in page.points)])))]
    options = {each.code: _option(words, page, each) for each in page.points}
    done = [code for code in options if code in page.row.ticked(page.row.stage)]
    boxes = checkboxes(ids.DEAL_TICK, [*options.values()], [options[code] for code in done])
    block = actions(boxes) | {"block_id": ids.ticks_block(page.row.id.hex, page.row.stage, done)}
    return [section(title), block]


def left_open(words: Words, page: Card, stage: Stage) -> Mrkdwn | None:
    """That a deal has moved on with points that are not done; that is allowed, and said."""
    left = page.open_points(stage)
    return md_plural(words, "deals.points_open", left, stage=escape(words(f"deals.stage.{stage}"))) if left else None


def _line(words: Words, page: Card, point: Question) -> Mrkdwn:
    said, who = point_said(words, page.row.stage, point), _who(words, page, point)
    return escape(f"{DONE} {said} ({who})" if who else f"{OPEN} {said}")


def _option(words: Words, page: Card, point: Question) -> Block:
    found = option(point_said(words, page.row.stage, point), point.code)
    who = _who(words, page, point)
    return found | {"description": option(who, point.code)["text"]} if who else found


def _who(words: Words, page: Card, point: Question) -> str:
    """Who did it, and on which day; nothing of a point that is not done."""
    done = page.ticked(point.code)
    return f"{page.name(done.by)}, {words.day(page.day(done.happened_at), page.today)}" if done else ""
