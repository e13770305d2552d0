"""The fiscal year: named by the calendar year that it ends in."""

from datetime import date

MONTHS_IN_QUARTER = 3
YEAR = 12


def fiscal_year(day: date, first_month: int) -> int:
    """The calendar year in which the fiscal year of `day` ends; it begins with `first_month` (1 to 12)."""
    return day.year + (first_month > 1 and day.month >= first_month)


def fiscal_quarter(day: date, first_month: int) -> int:
    """The quarter of the fiscal year that `day` lies in: 1 to 4."""
    return (day.month - first_month) % YEAR // MONTHS_IN_QUARTER + 1


def year_name(year: int, first_month: int) -> str:
    """What a fiscal year is called: `2026`, or `FY2027` if it begins in another month."""
    return f"{year:04}" if first_month == 1 else f"FY{year:04}"


def quarter_name(day: date, first_month: int) -> str:
    """What the quarter of `day` is called: `2026-Q4`, or `FY2027-Q2` of a year from another month (1 to 12)."""
    return f"{year_name(fiscal_year(day, first_month), first_month)}-Q{fiscal_quarter(day, first_month)}"
