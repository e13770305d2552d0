"""The fiscal year: named by the calendar year that it ends in."""

from datetime import date

MONTHS_IN_QUARTER = 3
YEAR = 12


def quarter_name(day: date, first_month: int) -> str:
    """What the quarter of `day` is called: `2026-Q4`, or `FY2027-Q2` of a year from another month (1 to 12)."""
    quarter = (day.month - first_month) % YEAR // MONTHS_IN_QUARTER + 1
    if first_month == 1:
        return f"{day.year}-Q{quarter}"
    return f"FY{day.year + (day.month >= first_month)}-Q{quarter}"
