"""What a line of `/quota` is answered with besides figures: a target as it was set, questions, what-if, suggestions."""

from collections.abc import Iterable, Iterator
from datetime import date

from bot.attainment.newcomers import Partly
from bot.attainment.suggesting import Proposal, Proposals
from bot.attainment.what_if import Outlook, WhatIf
from bot.quota.metrics import Metric, by_code
from bot.quota.periods import Period
from bot.quota.queries import Target
from bot.quota.service import Done
from bot.quota.suggestion import Basis, NothingToGoBy, Suggestion
from bot.quota.whose import Whose
from bot.reading.asked import Unclear
from bot.reading.text import plain_text
from bot.words import Words
from handlers import ids
from handlers.ui import quota_figures as said
from handlers.ui.activity import SEPARATOR
from handlers.ui.blocks import Block, Message, Mrkdwn, actions, button, context, escape, header, md, quote, section

COMMAND = ids.QUOTA_COMMAND

PAIR = 2
"""A period that may be two is asked between just those."""


def unclear(words: Words, text: str, asked: Unclear, today: date) -> Message:
    """The line whole, what was understood of it, and one that would do."""
    params = {
        name: words.day(value, today) if isinstance(value, date) else value
        for name, value in asked.problem.params.items()
    }
    problem = Mrkdwn(escape(words(f"quota.ask.{asked.problem.code}", **params)))
    parts = [md(words, "quota.example", line=f"{COMMAND} {asked.example}")]
    if asked.understood:
        parts.insert(0, md(words, "quota.understood", line=f"{COMMAND} {asked.understood}"))
    typed = f"{COMMAND} {plain_text(text)}"
    return Message(" ".join([problem, *parts, escape(typed)]), [section(problem), *quote(typed), *map(section, parts)])


def which_period(
    words: Words, typed: str, text: str | None, periods: Iterable[Period], wish: dict[str, object]
) -> Message:
    """A target without its period: those that may be meant, with their days."""
    offered = tuple(periods)
    key = "quota.which_period_no" if len(offered) != PAIR else "quota.which_period_of"
    problem = md(words, key, text=text) if text else md(words, "quota.which_period")
    buttons = [
        button(said.period_days(words, period), f"{ids.QUOTA_PUT}.{n}", ids.pack(**wish, d=period.name))
        for n, period in enumerate(offered)
    ]
    return Message(
        f"{problem} {escape(typed)}", [section(problem), *(quote(typed) if typed else []), actions(*buttons)]
    )


def done(
    words: Words, result: Done, currency: str, today: date, grouped: str | None, part: Partly | None = None
) -> Message:
    """A target as it was set: of what, from when, what it was before and who set that; how the team's adds up."""
    target, metric = result.target, by_code(result.target.metric)
    name = said.metric_name(words, metric.code)
    what = {"name": result.name, "metric": name, "period": said.period_days(words, target.period)}
    if target.value is None:
        text = md(words, "quota.set.removed", **what)
    else:
        key = "quota.set.done" if result.is_change else "quota.set.same"
        text = md(words, key, amount=said.figure(words, metric, target.value, currency), **what)
    more = []
    if grouped and target.value is not None:
        more.append(
            md(words, "quota.set.grouped", text=grouped, amount=said.figure(words, metric, target.value, currency))
        )
    if result.before and result.before.value is not None and result.is_change:
        more.append(_before(words, metric, result.before, currency, result.before_by or ""))
    if result.rolled and result.rolled.target is not None and result.team:
        more.append(_rolled(words, result, metric, currency))
    if part and result.is_change:
        more.append(_partly(words, result, part))
    door = ids.QUOTA_PERSON if target.subject.whose is Whose.PERSON else f"{ids.QUOTA_GROUP}.0"
    show = button(words("quota.button.show"), door, _reference(target, today))
    parts = _parts(words, result, part, currency) if part else ()
    blocks = [section(text), *([context(*more)] if more else []), actions(show, *parts)]
    return Message(" ".join([text, *more]), blocks)


def _partly(words: Words, result: Done, part: Partly) -> Mrkdwn:
    """Why the target may be less: not there for all of it, or new."""
    return md(
        words,
        "quota.set.partly",
        name=result.name,
        start=words.date(part.start),
        days=said.tenths(words, part.days),
        of_days=said.tenths(words, part.of_days),
    )


def _parts(words: Words, result: Done, part: Partly, currency: str) -> Iterator[Block]:
    """The target for those days, and on the ramp, to be set instead."""
    target, metric = result.target, by_code(result.target.metric)
    for n, (key, value) in enumerate((("by_days", part.by_days), ("by_ramp", part.by_ramp))):
        if value is not None and result.is_change:
            label = words(f"quota.set.{key}", amount=said.figure(words, metric, value, currency))
            wish = {"w": target.subject.whose.value, "s": target.subject.key, "n": None, "m": metric.code, "a": value}
            yield button(label, f"{ids.QUOTA_PUT}.{n}", ids.pack(**wish, d=target.period.name, x=1))


def _reference(target: Target, today: date) -> str:
    """The page on which the target stands: that of its period, unless it runs."""
    elsewhen = None if today in target.period else target.period.name
    if target.subject.whose is Whose.PERSON:
        return ids.pack(p=target.subject.key, a=None, d=elsewhen)
    return ids.pack(w=target.subject.whose.value, n=target.name, d=elsewhen)


def _before(words: Words, metric: Metric, before: Target, currency: str, by: str) -> Mrkdwn:
    assert before.value is not None
    amount = said.figure(words, metric, before.value, before.currency or currency)
    return md(words, "quota.set.before", amount=amount, day=words.date(before.at.date()), by=by)


def _rolled(words: Words, result: Done, metric: Metric, currency: str) -> Mrkdwn:
    rolled = result.rolled
    assert rolled is not None
    assert rolled.target is not None
    given, target = (said.figure(words, metric, each, currency) for each in (rolled.given, rolled.target))
    text = md(words, "quota.set.team", team=result.team, given=given, target=target)
    if rolled.unassigned:
        left = said.figure(words, metric, rolled.unassigned, currency)
        text = Mrkdwn(f"{text}{SEPARATOR}{md(words, 'quota.group.unassigned', amount=left)}")
    return text


def what_if(words: Words, found: Outlook) -> Message:
    """What it would be: attainment and commission, before and then."""
    more = said.figure(words, found.metric, found.more, found.currency)
    what = said.metric_name(words, found.metric.code)
    title, pay = words("quota.what_if.title", more=more, metric=what), found.pay
    lines = [_then(words, each, found.currency) for each in found.changes]
    if pay and pay.commission != pay.commission_then:
        lines.append(
            md(
                words,
                "quota.what_if.pay",
                then=words.money(pay.commission_then),
                now=words.money(pay.commission),
                more=words.money(pay.more),
            )
        )
    elif pay:
        lines.append(md(words, "quota.what_if.no_pay", now=words.money(pay.commission)))
    note = md(words, "quota.what_if.note")
    blocks = [header(title), *(section(line) for line in lines), context(note)]
    return Message("\n".join([escape(title), *lines, note]), blocks)


def _then(words: Words, each: WhatIf, currency: str) -> Mrkdwn:
    now, then = each.standings
    metric = each.metric
    name = said.metric_name(words, metric.code)
    done = said.figure(words, metric, then.achieved, currency)
    what = {"metric": name, "period": each.period.name, "done": done}
    if then.target is None:
        return md(words, "quota.what_if.no_target", **what)
    target = said.figure(words, metric, then.target, currency)
    if then.attainment is None or now.attainment is None:
        return md(words, "quota.what_if.of_nothing", target=target, **what)
    return md(
        words,
        "quota.what_if.then",
        target=target,
        bar=then.bar or "",
        then=said.percent(words, then.attainment),
        now=said.percent(words, now.attainment),
        **what,
    )


def proposals(words: Words, page: Proposals) -> Message:
    """Targets proposed from the past, each with its arithmetic."""
    period = said.period_days(words, page.period)
    title = (
        words("quota.suggest.of", name=page.name, period=page.period.name)
        if page.name
        else words("quota.suggest.title", period=page.period.name)
    )
    lines: list[Mrkdwn] = []
    blocks: list[Block] = [
        header(title),
        context(md(words, "quota.suggest.how", period=period, growth=said.percent(words, page.growth))),
    ]
    for each in page.proposals:
        line = _proposal(words, page, each)
        lines.append(line)
        put = _put(words, page, each) if page.can_set and isinstance(each.found, Suggestion) else None
        blocks.append(section(line, put))
    if not page.proposals:
        lines.append(md(words, "quota.suggest.nothing"))
        blocks.append(section(lines[-1]))
    return Message("\n".join([escape(title), *lines]), blocks)


def _proposal(words: Words, page: Proposals, each: Proposal) -> Mrkdwn:
    name = said.metric_name(words, each.metric.code)
    who = f"{each.name}{SEPARATOR}" if each.name else ""
    if isinstance(each.found, NothingToGoBy):
        return md(words, "quota.suggest.too_little", who=who, metric=name, own=each.found.own, peers=each.found.peers)
    found = each.found
    lines = [
        md(
            words,
            "quota.suggest.target",
            who=who,
            metric=name,
            target=said.figure(words, each.metric, found.target, page.currency),
        ),
        md(
            words,
            "quota.suggest.sum",
            per_day=said.figure(words, each.metric, said.countable(each.metric, found.per_day), page.currency),
            days=said.tenths(words, found.days),
            growth=said.percent(words, found.growth),
            exact=said.figure(words, each.metric, round(found.exact), page.currency),
            times=found.times_reached,
            of=len(found.used),
        ),
        Mrkdwn(escape(SEPARATOR.join(_pasts(words, page, each, found)))),
    ]
    return Mrkdwn("\n".join(lines))


def _pasts(words: Words, page: Proposals, each: Proposal, found: Suggestion) -> Iterator[str]:
    if found.basis is Basis.PEERS:
        yield words.plural("quota.suggest.peers", len(found.used))
        return
    for past in found.used:
        done = said.figure(words, each.metric, past.achieved, page.currency)
        yield words("quota.suggest.past", period=past.period, done=done, days=said.tenths(words, past.days))
    if found.left_out:
        yield words("quota.suggest.left_out", periods=", ".join(past.period for past in found.left_out))


def _put(words: Words, page: Proposals, each: Proposal) -> Block:
    assert isinstance(each.found, Suggestion)
    return button(
        words("quota.button.set_this"),
        f"{ids.QUOTA_PUT}.0",
        ids.pack(
            w=Whose.PERSON.value,
            s=each.person_id,
            n=None,
            m=each.metric.code,
            a=each.found.target,
            d=page.period.name,
            k=1,
        ),
    )
