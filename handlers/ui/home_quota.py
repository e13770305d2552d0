"""Where I stand and where my team stands, on Home: the first figures of `/quota`, and the door to all of them."""

from bot.attainment.pages import Course, GroupPage, PersonPage
from bot.words import Words
from handlers import ids
from handlers.ui.blocks import Block, Mrkdwn, actions, button, context, divider, escape, header, md, section
from handlers.ui.quota import earned_so_far, part_lines
from handlers.ui.quota_groups import together

PARTS_SHOWN = 4
BEHIND_SHOWN = 8


def my_quota(words: Words, page: PersonPage | None) -> list[Block]:
    """My targets with what is achieved, and what I earned; nothing for whom none is set and nothing pays."""
    parts = [part for part in page.parts if part.standing.target is not None] if page else []
    if page is None or not (page.pay or parts):
        return []
    blocks: list[Block] = [divider(), header(words("home.quota"))]
    blocks += [section(part_lines(words, page, part)) for part in parts[:PARTS_SHOWN]]
    if page.pay:
        blocks.append(section(earned_so_far(words, page)))
    return [*blocks, actions(button(words("home.quota_open"), ids.QUOTA_OPEN, ids.pack()))]


def my_team(words: Words, page: GroupPage | None) -> list[Block]:
    """My reports together in the first of their targets, and who is behind."""
    if page is None or page.shown is None or page.shown.part.standing.target is None:
        return []
    blocks: list[Block] = [divider(), header(words("home.team_quota")), section(together(words, page, page.shown))]
    behind = [row.name for row in page.rows if row.course is Course.BEHIND]
    if behind:
        more = len(behind) - BEHIND_SHOWN
        names = ", ".join(map(escape, behind[:BEHIND_SHOWN])) + (f", +{more}" if more > 0 else "")
        blocks.append(context(md(words, "home.behind", names=Mrkdwn(names))))
    return [*blocks, actions(button(words("home.team_quota_open"), ids.QUOTA_OPEN, ids.pack(t=1)))]
