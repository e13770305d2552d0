"""What comes by itself about deals: a win in its channel, a deal that one was given, a customer who renews soon."""

from bot.deals import notices
from bot.deals.pages import Notice
from bot.deals.states import Stage
from bot.words import Words
from handlers import ids
from handlers.ui.blocks import Message, Mrkdwn, actions, button, context, md, section
from handlers.ui.deals import customer_said


def notice(words: Words, page: Notice) -> Message:
    """What one of them says."""
    writers = {notices.WON: won, notices.GIVEN: given, notices.ASSIST: assist, notices.SHARED: shared}
    return writers.get(page.kind, renewal)(words, page)


def won(words: Words, page: Notice) -> Message:
    """The announcement: who closed it, with whom, for how much, and whose lead it was. Taken back, it says so in its
    place.
    """
    assert page.card is not None
    row, name = page.card.row, page.card.name
    if row.stage is not Stage.WON or row.money is None:
        said = md(words, "deals.announce.reopened", company=row.company)
        return Message(said, [section(said)])
    said = md(words, "deals.announce.won", company=row.company, owner=name(row.owner_id), amount=words.money(row.money))
    more = []
    if row.shares:
        more.append(md(words, "deals.announce.shared", who=", ".join(name(each) for each in row.shares)))
    if row.giver_id is not None and row.giver_id != row.owner_id:
        more.append(md(words, "deals.announce.assist", giver=name(row.giver_id)))
    return Message(Mrkdwn(" ".join([said, *more])), [section(said), *map(context, more)])


def assist(words: Words, page: Notice) -> Message:
    """A win for whoever found the buyer."""
    assert page.card is not None
    row = page.card.row
    if row.stage is not Stage.WON or row.money is None:
        said = md(words, "deals.assist_undone", company=row.company)
    else:
        said = md(words, "deals.assist", company=row.company, amount=words.money(row.money))
    return Message(said, [section(said)])


def given(words: Words, page: Notice) -> Message:
    """A deal that is somebody's from now on."""
    assert page.card is not None
    row = page.card.row
    said = md(words, "deals.given", company=row.company, who=page.by)
    show = button(words("deals.button.show"), ids.DEAL_SHOW, ids.pack(d=row.id.hex))
    return Message(said, [section(said), actions(show)])


def shared(words: Words, page: Notice) -> Message:
    """What part of somebody's deal is the reader's from now on, or that none is any more."""
    assert page.card is not None
    row = page.card.row
    if page.share is None:
        said = md(words, "deals.shared_none", company=row.company, who=page.by)
        return Message(said, [section(said)])
    share, money = page.card.shares[page.reader]
    amount = words.money(money) if money is not None else words("deals.no_amount")
    said = md(
        words, "deals.shared", company=row.company, who=page.by, share=words.number(share), amount=amount,
        owner=page.card.name(row.owner_id),
    )  # fmt: skip
    show = button(words("deals.button.show"), ids.DEAL_SHOW, ids.pack(d=row.id.hex))
    return Message(said, [section(said), actions(show)])


def renewal(words: Words, page: Notice) -> Message:
    """A customer whose contract ends in so many days."""
    assert page.customer is not None
    customer = page.customer
    if page.is_settled or customer.renewal_on is None:
        said = md(words, "deals.renewal.settled", company=customer.company)
        return Message(said, [section(said)])
    left = (customer.renewal_on - page.today).days
    amount = words.money(customer.money) if customer.money else words("deals.no_amount")
    day = words.date(customer.renewal_on)
    key = "deals.renewal.days"
    said = md(words, key, company=customer.company, day=day, left=words.plural("deals.days", left), amount=amount)
    hint = md(words, "deals.renewal.hint", command=f"{ids.DEAL_COMMAND} {customer.company}")
    return Message(said, [section(said), context(customer_said(words, customer, "", page.today)), context(hint)])
