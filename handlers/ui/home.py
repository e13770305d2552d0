"""App Home: my day and my week."""

from datetime import date

from bot.activity.service import Overview
from bot.words import Words
from handlers import ids
from handlers.ui.activity import day_lines, log_button, tally
from handlers.ui.blocks import Block, actions, context, divider, header, home_view, md, section


def home(words: Words, name: str, week: Overview, today: date) -> Block:
    """Today's count against the goal, the week day by day, and the way to log."""
    days = day_lines(words, week, today) or [section(md(words, "log.nothing_yet"))]
    return home_view(
        [
            header(words("home.greeting", name=name)),
            section(tally(words, week.count, today)),
            actions(log_button(words)),
            divider(),
            header(words("log.week_title", first=words.day(week.first, today), last=words.day(week.last, today))),
            *days,
            context(md(words, "home.hint", command=ids.LOG_COMMAND)),
        ]
    )
