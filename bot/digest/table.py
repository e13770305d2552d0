"""A team's digest person by person, as a file: everything, whatever a message has room for."""

from collections.abc import Iterator

from bot.attainment.pages import Part
from bot.digest.pages import Mate, TeamPage
from bot.money import Money
from bot.quota.metrics import Unit
from bot.quota.pace import Pace
from bot.transfer.table import write

HEADER = (
    "person metric target_period achieved target attainment_percent pace_percent working_days sqls deals_won won "
    "currency activities activities_before"
).split()


def file_of(page: TeamPage) -> tuple[str, bytes]:
    """The name of the file, and its contents: a row a person, amounts plain, what there is none of left empty."""
    kinds = sorted({kind for mate in page.mates for kind in (*mate.activity, *mate.before)})
    header = [*HEADER, *(f"{kind}{suffix}" for kind in kinds for suffix in ("", "_before")), "needs"]
    rows = (list(_row(mate, page.currency, kinds)) for mate in page.mates)
    return f"digest-{page.period.name}.csv", write(header, rows)


def _row(mate: Mate, currency: str, kinds: list[str]) -> Iterator[str]:
    yield mate.name
    yield from _standing(mate.leading, currency)
    yield str(float(mate.worked)).removesuffix(".0")
    yield from (str(mate.sqls), str(mate.deals), str(Money(currency, mate.revenue).amount), currency)
    yield from (str(mate.done), str(sum(mate.before.values())))
    yield from (str(counts.get(kind, 0)) for kind in kinds for counts in (mate.activity, mate.before))
    yield " ".join(each.need.value for each in mate.needs)


def _standing(leading: Part | None, currency: str) -> Iterator[str]:
    if leading is None:
        yield from [""] * 6
        return
    metric, period, standing = leading.metric, leading.period, leading.standing

    def told(value: int | None) -> str:
        if value is None:
            return ""
        return str(Money(currency, value).amount) if metric.unit is Unit.MONEY else str(value)

    found = standing.pace
    yield from (metric.code, period.name, told(standing.achieved), told(standing.target))
    yield "" if standing.attainment is None else f"{float(standing.attainment * 100):.1f}"
    yield f"{float(found.share * 100):.1f}" if isinstance(found, Pace) else ""
