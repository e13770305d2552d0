"""Single figures in words, each with its number of cases. What there is nothing of is None: no number, no 0."""

from decimal import Decimal
from fractions import Fraction

from bot.figures.pipeline import Coverage, Covered, LeftOut
from bot.figures.rates import Rate, Showing
from bot.figures.sales import CycleLength, NoVelocity
from bot.money import Money
from bot.performance.figures import Figures
from bot.words import Words
from handlers.ui.quota_figures import exact_percent, money, tenths


def rate(words: Words, found: Rate) -> str | None:
    """`35.7 % (25 of 70)`; of few cases `3 of 7 (16–75 %)`."""
    if found.share is None or found.interval is None:
        return None
    hits, cases = words.number(found.hits), words.number(found.cases)
    if found.showing is Showing.AS_PERCENT:
        return words("figures.rate", percent=exact_percent(words, found.share), hits=hits, cases=cases)
    low, high = (words.number(round(each * 100)) for each in found.interval)
    return words("figures.rate_few", hits=hits, cases=cases, low=low, high=high)


def volume(words: Words, found: Figures) -> str | None:
    """`95,000 EUR, 5 deals`."""
    if not found.volume.deals:
        return None
    deals = words.plural("figures.deals", found.volume.deals)
    return words("figures.with", figure=money(words, found.volume.value), cases=deals)


def size(words: Words, found: Figures) -> str | None:
    """The average with the median; of few deals with the smallest and the largest, which of one are the same."""
    of = found.size
    if of is None:
        return None
    deals, mean = words.plural("figures.deals", of.spread.cases), money(words, of.mean)
    if of.spread.cases == 1:
        return words("figures.size_one", mean=mean, cases=deals)
    if of.is_few:
        return words(
            "figures.size_few",
            mean=mean,
            least=_bare(words, of.spread.least),
            most=_bare(words, of.spread.most),
            cases=deals,
        )
    return words("figures.size", mean=mean, median=_bare(words, of.spread.median), cases=deals)


def cycle(words: Words, found: Figures) -> str | None:
    """How long it takes until a deal is won."""
    return _length(words, found.cycle)


def lost_cycle(words: Words, found: Figures) -> str | None:
    """How long until one is lost."""
    return _length(words, found.lost_cycle)


def velocity(words: Words, found: Figures) -> str | None:
    """Money per calendar day, or why there is none."""
    of = found.velocity
    if not isinstance(of, NoVelocity):
        return words("figures.per_day", money=money(words, of.per_day))
    return words(f"figures.no_velocity.{of.value}") if found.win_rate.cases else None


def gross(words: Words, found: Figures) -> str | None:
    """What the customers of the first day still pay, without what they pay more."""
    return _kept(words, found, found.customers.gross_retention)


def net(words: Words, found: Figures) -> str | None:
    """The same with what they pay more."""
    return _kept(words, found, found.customers.net_retention)


def coverage(words: Words, found: Coverage | Covered | None) -> str | None:
    """How many times the open deals are what is left of the target."""
    if found is None:
        return None
    if isinstance(found, Covered):
        return words("figures.covered")
    times = _times(words, found.times)
    if found.required is None:
        return words("figures.coverage", times=times)
    return words("figures.coverage_needed", times=times, needed=_times(words, found.required))


def ahead(words: Words, found: Figures) -> list[str]:
    """What the open deals promise, and what they leave out."""
    of = found.pipeline
    if of is None or not (of.closing or of.left_out):
        return []
    deals = words.plural("figures.deals", len(of.closing))
    lines = [words("figures.open", money=money(words, of.open_amount), cases=deals)]
    if of.closing:
        weighted = of.weighted
        lines.append(
            words("figures.unweighed") if weighted is None else words("figures.weighted", money=money(words, weighted))
        )
    lines.append(coverage(words, found.coverage) or words("figures.no_target"))
    left = [(each, len(of.why(each))) for each in LeftOut]
    said = ", ".join(words(f"figures.left_out.{each.value}", n=words.number(n)) for each, n in left if n)
    if said:
        lines.append(words("figures.left_out", said=said))
    if found.oldest_open is not None:
        lines.append(words("figures.oldest", days=words.plural("figures.days", found.oldest_open)))
    return lines


def _length(words: Words, found: CycleLength | None) -> str | None:
    if found is None:
        return None
    if found.is_few:
        listed = ", ".join(words.number(each) for each in found.days)
        return words("figures.cycle_few", listed=listed, cases=words.plural("figures.deals", len(found.days)))
    return words(
        "figures.cycle",
        median=words.plural("figures.days", found.spread.median),
        mean=tenths(words, found.mean),
        cases=words.plural("figures.deals", len(found.days)),
    )


def _kept(words: Words, found: Figures, share: Fraction | None) -> str | None:
    if share is None:
        return None
    customers = words.plural("figures.customers", found.customers.at_start)
    return words("figures.with", figure=exact_percent(words, share), cases=customers)


def _bare(words: Words, amount: Money) -> str:
    """Money without its currency, beside an amount that has it."""
    return money(words, amount).removesuffix(f"\u00a0{amount.currency}")


def _times(words: Words, value: Fraction) -> str:
    return f"{words.number(Decimal(round(value * 100)) / 100)}×"
