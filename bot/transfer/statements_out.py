"""The table of statements: every line that anybody is paid by. It is reckoned, so it only goes out."""

from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.errors import NotReady
from bot.pay import books, everybody
from bot.pay.earned import Line
from bot.pay.pages import StatementPage
from bot.pay.period import Period
from bot.pay.targets import of_quotas
from bot.people import queries as people
from bot.quota.periods import Kind
from bot.transfer.form import Asked, Form, Sheet
from bot.transfer.table import write

COLUMNS = ("email", "period", "at", "event", "subject", "kind", "base", "amount", "currency")


def take_out(tx: Connection, asked: Asked) -> Sheet:
    """A row for every line, by period and person: of a closed period as it was paid, else as it is known now.

    Whoever has no e-mail stands with their Slack id, for the sums have to be whole.

    Raises:
        NotReady: when the days that are asked for are less than a statement covers.
    """
    if asked.period and asked.period.kind in {Kind.WEEK, Kind.MONTH}:
        raise NotReady(f"Statements are of quarters, and not of {asked.period.name}.")
    framed = books.frame(tx, asked.workspace_id, asked.now, of_quotas)
    emails = {row.id: row.email for row in people.everybody(tx, asked.workspace_id)}
    rows = [
        _cells(emails.get(person) or person, period, line, framed.terms.zone)
        for person, period, lines in everybody.lines(tx, framed, lambda each: _is_asked(asked, each))
        for line in lines
    ]
    return Sheet(COLUMNS, tuple(rows))


FORM = Form(columns=COLUMNS, required=(), emails=(), bring_in=None, take_out=take_out, has_periods=True)


def _is_asked(asked: Asked, period: Period) -> bool:
    wanted = asked.period
    return wanted is None or (wanted.first <= period.first and period.last <= wanted.last)


def file_of(page: StatementPage) -> tuple[str, bytes]:
    """One statement as a file: its name, and the same rows under the same columns."""
    found = page.statement
    rows = [_cells(page.email or page.person_id, found.period, line, page.zone) for line in found.lines]
    return f"statement-{found.period.name}.csv".replace(" ", "-"), write(COLUMNS, rows)


def _cells(who: str, period: Period, line: Line, zone: ZoneInfo) -> tuple[str, ...]:
    """`at` by the workspace's clock: days of pay are its days."""
    at = line.at.astimezone(zone).isoformat(timespec="seconds")
    base = "" if line.base is None else f"{line.base.amount:f}"
    amount, currency = f"{line.amount.amount:f}", line.amount.currency
    return (who, period.name, at, str(line.event), line.subject, str(line.kind), base, amount, currency)
