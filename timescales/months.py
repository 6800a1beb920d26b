"""Calendar months, by the corresponding-date rule."""

from datetime import date, datetime

from dateutil.relativedelta import relativedelta


def add_months(day: date, n: int) -> date:
    """The same-numbered day ``n`` calendar months on, or that month's last day where it has no such day.

    Source: Interpretation Act 1978, sch. 1 ("month"); Dodds v Walker [1981] 1 WLR 1027. The date itself is
    still in time, and it does not move when it falls on a weekend. A negative ``n`` counts back.
    """
    if isinstance(day, datetime):
        raise TypeError(f"Calendar months are counted in dates, not moments: {day!r}.")
    return day + relativedelta(months=n)
