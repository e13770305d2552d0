"""How training looks: what is mine, what I gave and how far it is, the form, and the messages of it."""

from collections.abc import Iterator
from datetime import date

from bot.access.roles import Role
from bot.coaching.reminding import Task, TrainingPage
from bot.coaching.rules import LONGEST_LINK, LONGEST_TITLE
from bot.coaching.states import State
from bot.coaching.training import Learner, Mine, ModulePage, Progress
from bot.words import Words
from handlers import ids
from handlers.ui.activity import SEPARATOR
from handlers.ui.blocks import (
    Block,
    Message,
    Mrkdwn,
    actions,
    bar,
    button,
    context,
    cut,
    date_input,
    escape,
    field_of,
    header,
    in_sections,
    md,
    md_plural,
    modal,
    multi_select,
    option,
    people_select,
    section,
    text_input,
    told,
)
from handlers.ui.coaching import COMMAND, VALUE
from handlers.ui.reminders import ending

TASKS_SHOWN, MODULES_SHOWN, NAMES_SHOWN = 12, 8, 30


def mine(words: Words, page: Mine, head: Mrkdwn | None = None) -> Message:
    """What is assigned to the reader, by when, with `Done`; then what is done."""
    title = words("coaching.training.title")
    blocks: list[Block] = [*([section(head)] if head else []), header(title)]
    for n, task in enumerate(page.tasks[:TASKS_SHOWN]):
        done = button(words("button.done"), f"{ids.COACH_TRAINING_DONE}.{n}", ids.pack(t=task.id.hex))
        blocks.append(section(task_line(words, task, page.today), done))
    if len(page.tasks) > TASKS_SHOWN:
        blocks.append(context(md_plural(words, "coaching.more", len(page.tasks) - TASKS_SHOWN)))
    if not page.tasks:
        blocks.append(section(md(words, "coaching.training.none")))
    if page.done:
        lines = [md(words, "coaching.training.was_done", what=named(each.title, each.link)) for each in page.done]
        blocks.append(context(Mrkdwn(cut("\n".join(lines), 2000))))
    if page.may_assign:
        blocks.append(actions(*_giving(words)))
        blocks.append(context(md(words, "coaching.training.example", command=COMMAND)))
    return Message(f"{escape(title)}\n{told(blocks)}", blocks)


def _giving(words: Words) -> Iterator[Block]:
    yield button(words("coaching.button.assign"), ids.COACH_TRAINING_ASSIGN, ids.pack(), primary=True)
    yield button(words("coaching.button.progress"), ids.COACH_TRAINING_PROGRESS, ids.pack())


def task_line(words: Words, task: Task, today: date) -> Mrkdwn:
    """`MEDDIC basics · by Tue 15 Dec`, with what became of it."""
    what = named(task.title, task.link)
    if task.state is State.DONE:
        return md(words, "coaching.training.was_done", what=what)
    if task.state is State.WITHDRAWN:
        return md(words, "coaching.training.withdrawn", what=what)
    key = "coaching.training.overdue" if task.due_on < today else "coaching.training.by"
    if task.due_on == today:
        key = "coaching.training.due_today"
    return md(words, key, what=Mrkdwn(f"*{what}*"), day=words.day(task.due_on, today))


def named(title: str, link: str | None) -> Mrkdwn:
    """The title, as a link where there is one: only addresses of the web are stored."""
    if link is None:
        return escape(title)
    address = link.replace("|", "%7C").replace(">", "%3E").replace("<", "%3C").replace(" ", "%20")
    return Mrkdwn(f"<{address.replace('&', '&amp;')}|{escape(title)}>")


def message(words: Words, page: TrainingPage, *, is_new: bool) -> Message:
    """That trainings are theirs, or a reminder of them; each with `Done`, or with what became of it."""
    waiting = [each for each in page.tasks if each.is_open]
    if not waiting:
        head = md(words, "coaching.training.settled")
    elif is_new:
        head = md(words, "coaching.training.given", by=page.by)
    else:
        head = md_plural(words, "coaching.training.remind", len(waiting))
    blocks: list[Block] = [section(Mrkdwn(f"*{head}*"))]
    for n, task in enumerate(page.tasks[:TASKS_SHOWN]):
        value = ids.pack(t=task.id.hex, d=page.key if not is_new else None, m=1)
        done = button(words("button.done"), f"{ids.COACH_TRAINING_DONE}.{n}", value) if task.is_open else None
        blocks.append(section(task_line(words, task, page.today), done))
    more = len(page.tasks) - TASKS_SHOWN
    blocks += [context(md_plural(words, "coaching.more", more))] if more > 0 else []
    small = context(md(words, "coaching.training.small", command=f"{COMMAND} training"))
    blocks += [small] if is_new else ending(words, page)
    return Message(f"{head}: {task_line(words, (waiting or page.tasks)[0], page.today).replace('*', '')}", blocks)


def assigned_head(words: Words, page: ModulePage) -> Mrkdwn:
    """It is on its way to so many."""
    what = named(page.title, page.link)
    return md_plural(words, "coaching.training.assigned", len(page.learners), what=what)


def progress(words: Words, page: Progress, head: Mrkdwn | None = None) -> Message:
    """Each module with how many have done it, and who has not."""
    title = words("coaching.progress.title")
    blocks: list[Block] = [*([section(head)] if head else []), header(title)]
    for n, module in enumerate(page.modules[:MODULES_SHOWN]):
        blocks += _module(words, module, page.today, n)
    if not page.modules:
        blocks.append(section(md(words, "coaching.progress.none")))
    more = len(page.modules) - MODULES_SHOWN + page.more
    if more > 0:
        blocks.append(context(md_plural(words, "coaching.more", more)))
    blocks.append(actions(button(words("coaching.button.assign"), ids.COACH_TRAINING_ASSIGN, ids.pack())))
    return Message(f"{escape(title)}\n{told(blocks)}", blocks)


def _module(words: Words, module: ModulePage, today: date, n: int) -> list[Block]:
    count, whole = module.done, len(module.learners)
    head = Mrkdwn(f"*{named(module.title, module.link)}*")
    due = md(words, "coaching.item.by", day=words.day(module.due_on, today))
    for_whom = [escape(", ".join(module.roles))] if module.roles else []
    first = SEPARATOR.join([head, due, *for_whom, md(words, "coaching.progress.by", by=module.by)])
    done = md(words, "coaching.progress.done", n=count, whole=whole, bar=bar(count, whole))
    back = button(words("coaching.button.withdraw"), f"{ids.COACH_TRAINING_WITHDRAW}.{n}", ids.pack(m=module.id.hex))
    blocks = [section(Mrkdwn(f"{first}\n{done}"), back)]
    waiting = [each for each in module.learners if each.done_on is None]
    lines = [_learner(words, each, today) for each in waiting[:NAMES_SHOWN]]
    if len(waiting) > NAMES_SHOWN:
        lines.append(md_plural(words, "coaching.more", len(waiting) - NAMES_SHOWN))
    return [*blocks, *(context(text) for text in in_sections(lines))]


def _learner(words: Words, each: Learner, today: date) -> Mrkdwn:
    key = "coaching.progress.late" if each.due_on < today else "coaching.progress.open"
    return md(words, key, name=each.name, day=words.day(each.due_on, today))


def assign_form(words: Words, metadata: str) -> Block:
    """Title, link, day, and for whom: people, and roles with whoever takes them up later."""
    roles = [option(f"{role.value} – {words(f'role.{role}')}", role.value) for role in Role]
    title = text_input(VALUE, None, placeholder=words("coaching.assign.title_example"))
    blocks = [
        field_of("title", words("coaching.assign.name"), title | {"max_length": LONGEST_TITLE}, optional=False),
        field_of(
            "link",
            words("coaching.assign.link"),
            text_input(VALUE, None, placeholder="https://") | {"max_length": LONGEST_LINK},
        ),
        field_of("due_on", words("coaching.assign.due_on"), date_input(VALUE, None), optional=False),
        field_of("people", words("coaching.assign.people"), people_select(VALUE, [], words("coaching.assign.choose"))),
        field_of(
            "roles",
            words("coaching.assign.roles"),
            multi_select(VALUE, roles, [], words("coaching.assign.choose_roles")),
            hint=words("coaching.assign.roles_hint"),
        ),
    ]
    head, submit = words("coaching.assign.title"), words("coaching.button.assign")
    return modal(ids.COACH_TRAINING_FORM, head, blocks, submit=submit, close=words("button.cancel"), metadata=metadata)
