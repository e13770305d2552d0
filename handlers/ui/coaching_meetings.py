"""How one-to-ones look: who is due, the agenda, the form of notes and items, those before, what the report reads."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.coaching.agenda import Agenda, Count
from bot.coaching.items import Item
from bot.coaching.oneonones import Due, Form, Held, History, Mine, Notice
from bot.coaching.rules import LONGEST_TEXT
from bot.handoffs.glances import is_unanswered
from bot.handoffs.lists import Glance as HandoffGlance
from bot.words import Words
from handlers import ids
from handlers.ui import quota as quota_ui
from handlers.ui.activity import SEPARATOR
from handlers.ui.blocks import (
    Block,
    Message,
    Mrkdwn,
    actions,
    button,
    checkboxes,
    context,
    cut,
    date_input,
    divider,
    escape,
    field_of,
    header,
    in_sections,
    md,
    md_plural,
    modal,
    option,
    quote,
    section,
    text_input,
    told,
)
from handlers.ui.coaching import COMMAND, VALUE, remark_line
from handlers.ui.home_deals import pressing_line
from handlers.ui.quota_figures import period_days

SHARED = "shared"
DEALS_SHOWN, ITEMS_SHOWN, PARTS_SHOWN, REPORTS_SHOWN = 4, 8, 6, 20
REMARKS_SHOWN, DONE_SHOWN, HELD_SHOWN = 3, 5, 6


def mine(words: Words, page: Mine) -> Message:
    """A manager's reports with when the last one was, those who are due first; and what the reader has to do."""
    title = words("coaching.meet.title")
    blocks: list[Block] = [header(title)]
    if page.leads and page.reports:
        late = sum(each.is_overdue for each in page.reports)
        fine = md(words, "coaching.meet.none_due")
        blocks.append(section(md_plural(words, "coaching.meet.due", late) if late else fine))
        blocks += [_report(words, each, page.today, n) for n, each in enumerate(page.reports[:REPORTS_SHOWN])]
        if len(page.reports) > REPORTS_SHOWN:
            blocks.append(context(md_plural(words, "coaching.more", len(page.reports) - REPORTS_SHOWN)))
    elif page.leads:
        blocks.append(section(md(words, "coaching.meet.no_reports", command=COMMAND)))
    blocks += list(_own(words, page))
    return Message(f"{escape(title)}\n{told(blocks[1:])}", blocks)


def _own(words: Words, page: Mine) -> Iterator[Block]:
    """The reader's own part: the last one, and their items."""
    if page.last:
        yield context(md(words, "coaching.meet.last_with", name=page.last.manager, day=words.date(page.last.held_on)))
    if page.items:
        yield section(Mrkdwn(f"*{md(words, 'coaching.item.mine')}*"))
        yield from item_blocks(words, page.items, page.today, may_finish=True, where={})
    elif not page.reports:
        yield section(md(words, "coaching.item.none_mine"))
    if page.last or not page.leads:
        yield actions(
            button(words("coaching.button.my_agenda"), f"{ids.COACH_AGENDA}.99", ids.pack(p=None)),
            button(words("coaching.button.history"), ids.COACH_HISTORY, ids.pack(p=None)),
        )


def _report(words: Words, each: Due, today: date, n: int) -> Block:
    if each.last is None:
        when = md(words, "coaching.meet.never")
    else:
        ago = (
            words.plural("coaching.days_ago", (today - each.last).days)
            if each.last < today
            else words("coaching.today")
        )
        when = md(words, "coaching.meet.last", day=words.day(each.last, today), ago=ago)
    mark = ":small_orange_diamond: " if each.is_overdue else ""
    text = Mrkdwn(f"{mark}*{escape(each.name)}*{SEPARATOR}{when}")
    return section(text, button(words("coaching.button.agenda"), f"{ids.COACH_AGENDA}.{n}", ids.pack(p=each.person_id)))


def _ago(words: Words, day: date, today: date) -> str:
    return words.plural("coaching.days_ago", (today - day).days) if day < today else words("coaching.today")


def agenda(words: Words, page: Agenda, zone: ZoneInfo, head: Mrkdwn | None = None) -> Message:
    """What to talk about, from the numbers; `head` is what has just been done."""
    title = words("coaching.agenda.mine") if page.is_own else words("coaching.agenda.title", name=page.name)
    blocks: list[Block] = [*([section(head)] if head else []), header(title), context(_last(words, page))]
    blocks += _items_part(words, page)
    blocks += _wins(words, page, zone)
    blocks += _numbers(words, page)
    blocks += _deals(words, page, zone)
    blocks += _handoffs(words, page, zone)
    blocks += [*_part(words, "activity", [_activity(words, page.counts)]), *_new(words, page)]
    blocks.append(actions(*_buttons(words, page)))
    blocks.append(context(quota_ui.as_of(words, page.standing.when)))
    return Message(
        "\n".join([*([head] if head else []), f"{escape(title)}. {told(blocks[2 if head else 1 :])}"]), blocks
    )


def _last(words: Words, page: Agenda) -> Mrkdwn:
    if page.last is None:
        return md(words, "coaching.agenda.first")
    held = page.last.held_on
    ago = _ago(words, held, page.today)
    said = md(words, "coaching.agenda.last", day=words.day(held, page.today), ago=ago, name=page.last.manager)
    return Mrkdwn(SEPARATOR.join([said, *([md(words, "coaching.agenda.overdue")] if page.is_overdue else [])]))


def _part(words: Words, name: str, lines: Sequence[Mrkdwn]) -> list[Block]:
    """A part of the agenda under its name, in as few blocks as its length allows."""
    head = Mrkdwn(f"*{md(words, f'coaching.agenda.{name}')}*")
    return [section(text) for text in in_sections([head, *lines])]


def _items_part(words: Words, page: Agenda) -> list[Block]:
    """What is still to be done comes first; then what was done since the last time."""
    if not page.items:
        return _part(words, "items", [md(words, "coaching.item.none")])
    blocks = [*_part(words, "items", [])]
    where = {"a": page.person_id}
    blocks += item_blocks(words, page.open_items, page.today, may_finish=True, where=where, owner=True)
    done = [md(words, "coaching.item.done", text=each.text, owner=each.owner) for each in page.done_items[-DONE_SHOWN:]]
    return blocks + [section(text) for text in in_sections(done)]


def item_blocks(
    words: Words,
    items: Sequence[Item],
    today: date,
    *,
    may_finish: bool,
    where: dict[str, str],
    owner: bool = False,
) -> list[Block]:
    """Open items, each with `Done`; `where` is what the button comes back to."""
    blocks: list[Block] = []
    for n, each in enumerate(items[:ITEMS_SHOWN]):
        value = ids.pack(i=each.id.hex, **where)
        done = button(words("button.done"), f"{ids.COACH_ITEM_DONE}.{n}", value) if may_finish else None
        blocks.append(section(item_line(words, each, today, owner=owner), done))
    if len(items) > ITEMS_SHOWN:
        blocks.append(context(md_plural(words, "coaching.more", len(items) - ITEMS_SHOWN)))
    return blocks


def item_line(words: Words, each: Item, today: date, *, owner: bool = True) -> Mrkdwn:
    """`send the deck · Ana · by Fri 4 Dec`."""
    parts = [escape(each.text), *([escape(each.owner)] if owner else [])]
    if each.due_on:
        key = "coaching.item.overdue" if each.due_on < today else "coaching.item.by"
        parts.append(md(words, key, day=words.day(each.due_on, today)))
    return Mrkdwn(SEPARATOR.join(parts))


def _wins(words: Words, page: Agenda, zone: ZoneInfo) -> list[Block]:
    """What there is to praise: deals that were won, and what others said."""
    lines = [
        md(words, "coaching.agenda.won", company=each.company, amount=words.money(each.money) if each.money else "–")
        for each in page.won[-DONE_SHOWN:]
    ]
    lines += [remark_line(words, each, zone, page.today) for each in page.remarks[:REMARKS_SHOWN]]
    return _part(words, "praise", lines) if lines else []


def _numbers(words: Words, page: Agenda) -> list[Block]:
    """Attainment and pace, as `/quota` says them."""
    lines: list[Mrkdwn] = []
    for period, parts in groupby(page.standing.parts[:PARTS_SHOWN], key=lambda part: part.period):
        lines.append(Mrkdwn(f"_{escape(period_days(words, period))}_"))
        lines += [quota_ui.part_lines(words, page.standing, part) for part in parts]
    return _part(words, "numbers", lines or [md(words, "coaching.agenda.no_numbers")])


def _deals(words: Words, page: Agenda, zone: ZoneInfo) -> list[Block]:
    lines = [pressing_line(words, each, page.today, zone) for each in page.pressing[:DEALS_SHOWN]]
    more = len(page.pressing) - DEALS_SHOWN
    lines += [md_plural(words, "coaching.more", more)] if more > 0 else []
    return _part(words, "deals", lines) if lines else []


def _handoffs(words: Words, page: Agenda, zone: ZoneInfo) -> list[Block]:
    late = [_late(words, each, zone, page.today) for each in page.late[:DEALS_SHOWN]]
    if page.waiting:
        late.append(md_plural(words, "coaching.agenda.waiting", len(page.waiting)))
    return _part(words, "handoffs", late) if late else []


def _late(words: Words, each: HandoffGlance, zone: ZoneInfo, today: date) -> Mrkdwn:
    key = "coaching.agenda.unanswered" if is_unanswered(each) else "coaching.agenda.untouched"
    at = each.due_at if is_unanswered(each) else each.touch_due_at
    day = words.day(at.astimezone(zone).date(), today) if at else "–"
    return md(words, key, company=each.company, day=day)


def _activity(words: Words, counts: Sequence[Count]) -> Mrkdwn:
    """`Calls 41 (36 the week before)`, kind by kind."""
    if not counts:
        return md(words, "coaching.agenda.no_activity")
    said = [
        md(words, "coaching.agenda.count", now=_how_many(words, each), before=words.number(each.before))
        for each in counts
    ]
    return Mrkdwn("\n".join(said))


def _how_many(words: Words, each: Count) -> str:
    """`37 calls`; a kind of the workspace's own by its name."""
    key = f"kind.{each.kind}.n"
    said = words.plural(key, each.now)
    return f"{each.kind}: {words.number(each.now)}" if said == key else said


def _new(words: Words, page: Agenda) -> list[Block]:
    lines = []
    if page.opened:
        lines.append(md_plural(words, "coaching.agenda.opened", page.opened))
    if page.won:
        lines.append(md_plural(words, "coaching.agenda.wins", len(page.won)))
    if page.done_items:
        lines.append(md_plural(words, "coaching.agenda.done", len(page.done_items)))
    if not lines:
        return []
    since = md(words, "coaching.agenda.since", day=words.day(page.since, page.today))
    return [context(Mrkdwn(f"{since} {SEPARATOR.join(lines)}"))]


def _buttons(words: Words, page: Agenda) -> Iterator[Block]:
    about = None if page.is_own else page.person_id
    if not page.is_own:
        yield button(words("coaching.button.notes"), ids.COACH_NOTES, ids.pack(p=about), primary=True)
    yield button(words("coaching.button.history"), ids.COACH_HISTORY, ids.pack(p=about))
    if not page.is_own:
        yield button(words("coaching.button.give"), ids.COACH_GIVE, ids.pack(p=about))


def notes_form(words: Words, found: Form, metadata: str) -> Block:
    """When, the notes and for whom, and what each of the two is to do: an item a line."""
    held = found.held
    shared = option(words("coaching.notes.shared"), SHARED)
    is_shared = bool(held and held.is_shared)
    day = (held.held_on if held else found.today).isoformat()
    notes = text_input(VALUE, held.notes if held else None, multiline=True) | {"max_length": LONGEST_TEXT}
    theirs = text_input(VALUE, None, multiline=True, placeholder=words("coaching.notes.theirs_example"))
    own = text_input(VALUE, None, multiline=True, placeholder=words("coaching.notes.mine_example"))
    blocks = [
        field_of("held_on", words("coaching.notes.held_on"), date_input(VALUE, day), optional=False),
        field_of("notes", words("coaching.notes.notes"), notes, hint=words("coaching.notes.notes_hint")),
        field_of(
            "is_shared",
            words("coaching.notes.sharing"),
            checkboxes(VALUE, [shared], [shared] if is_shared else []),
            hint=words("coaching.notes.sharing_hint", name=found.name),
        ),
        field_of(
            "theirs", words("coaching.notes.theirs", name=found.name), theirs, hint=words("coaching.notes.items_hint")
        ),
        field_of("mine", words("coaching.notes.mine"), own, hint=words("coaching.notes.mine_hint", name=found.name)),
    ]
    title, save = words("coaching.notes.title"), words("form.save")
    return modal(ids.COACH_NOTES_FORM, title, blocks, submit=save, close=words("button.cancel"), metadata=metadata)


def saved_head(words: Words, name: str) -> Mrkdwn:
    """The notes are stored."""
    return md(words, "coaching.notes.saved", name=name)


def history(words: Words, page: History) -> Message:
    """The one-to-ones so far: the day, the notes that the reader may see, and what came out of them."""
    title = words("coaching.history.of", name=page.name) if page.name else words("coaching.history.mine")
    blocks: list[Block] = [header(title)]
    for n, held in enumerate(page.several[:HELD_SHOWN]):
        blocks += [*([divider()] if n else []), *_held(words, page, held, n)]
    if not page.several:
        blocks.append(section(md(words, "coaching.history.none")))
    if len(page.several) > HELD_SHOWN:
        blocks.append(context(md_plural(words, "coaching.more", len(page.several) - HELD_SHOWN)))
    back = button(words("coaching.button.agenda"), f"{ids.COACH_AGENDA}.0", ids.pack(p=page.name and page.person_id))
    blocks.append(actions(back))
    return Message(f"{escape(title)}\n{told(blocks[1:])}", blocks)


def _held(words: Words, page: History, held: Held, n: int) -> Iterator[Block]:
    head = md(words, "coaching.history.held", day=words.date(held.held_on), name=held.manager)
    value = ids.pack(p=page.person_id, h=held.id.hex)
    edit = button(words("button.edit"), ids.COACH_NOTES, value) if page.may_note and held.notes and n == 0 else None
    yield section(head, edit)
    if held.notes:
        yield from quote(cut(held.notes, LONGEST_TEXT))
        yield context(md(words, "coaching.history.shared" if held.is_shared else "coaching.history.private"))
    came = [each for each in page.items if _is_of(page, held, each)]
    if came:
        yield from (section(text) for text in in_sections([_past_item(words, each, page.today) for each in came]))


def _is_of(page: History, held: Held, item: Item) -> bool:
    """An item belongs to the last one-to-one that was noted by then."""
    before = [each for each in page.several if each.manager_id == item.manager_id]
    noted = [each for each in before if each.recorded_at >= item.recorded_at]
    return bool(noted) and min(noted, key=lambda each: each.recorded_at).id == held.id


def _past_item(words: Words, each: Item, today: date) -> Mrkdwn:
    if each.is_done:
        return md(words, "coaching.item.done", text=each.text, owner=each.owner)
    return Mrkdwn(f"• {item_line(words, each, today)}")


def notice(words: Words, page: Notice) -> Message:
    """For the report: what is shared of a one-to-one, and what is theirs to do."""
    head = md(words, "coaching.notice.head", name=page.held.manager, day=words.day(page.held.held_on, page.today))
    blocks: list[Block] = [section(head), *(quote(page.held.notes) if page.held.notes else [])]
    if page.items:
        blocks.append(section(Mrkdwn(f"*{md(words, 'coaching.item.mine')}*")))
        lines = [Mrkdwn(f"• {item_line(words, each, page.today, owner=False)}") for each in page.items]
        blocks += [section(text) for text in in_sections(lines)]
    blocks.append(context(md(words, "coaching.notice.small", command=f"{COMMAND} oneonone")))
    return Message(f"{head}\n{told(blocks[1:])}", blocks)
