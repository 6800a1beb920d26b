"""An oracle of care and reviews: random lives, the returns a council would send of them, and what is true on a day.

It shares no code with the product: months, working days and bank holidays are its own.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

DAY = timedelta(days=1)
FIRST, LAST = date(2023, 4, 1), date(2026, 3, 31)  # the days three returns tell of
BANK_HOLIDAYS = {
    date(*day)
    for day in [
        (2022, 12, 26), (2022, 12, 27), (2023, 1, 2), (2023, 4, 7), (2023, 4, 10), (2023, 5, 1), (2023, 5, 8),
        (2023, 5, 29), (2023, 8, 28), (2023, 12, 25), (2023, 12, 26), (2024, 1, 1), (2024, 3, 29), (2024, 4, 1),
        (2024, 5, 6), (2024, 5, 27), (2024, 8, 26), (2024, 12, 25), (2024, 12, 26), (2025, 1, 1), (2025, 4, 18),
        (2025, 4, 21), (2025, 5, 5), (2025, 5, 26), (2025, 8, 25), (2025, 12, 25), (2025, 12, 26), (2026, 1, 1),
        (2026, 4, 3), (2026, 4, 6), (2026, 5, 4), (2026, 5, 25), (2026, 8, 31),
    ]
}  # fmt: skip


@dataclass
class Stay:
    """One time looked after: first day, last day if it ended, days the placement changed, days a review was held."""

    start: date
    end: date | None
    moves: list[date] = field(default_factory=list)
    held: list[date] = field(default_factory=list)

    def has(self, day: date) -> bool:
        return self.start <= day and (self.end is None or self.end > day)

    def due_by(self, seen: list[date]) -> date | None:
        """When the next review was due, of these having been held; None where care began before the first return."""
        if self.start < FIRST:
            return months_on(seen[-1], 6) if seen else None
        if not seen:
            return working_days_on(self.start, 20)
        return months_on(seen[-1], 3 if len(seen) == 1 else 6)


@dataclass
class Life:
    """A child: the reference, and the times looked after in order."""

    reference: str
    stays: list[Stay]


def working_days_on(day: date, number: int) -> date:
    while number:
        day += DAY
        number -= day.weekday() < 5 and day not in BANK_HOLIDAYS
    return day


def months_on(day: date, number: int) -> date:
    month = day.month - 1 + number
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def lives(rng: Random, number: int) -> list[Life]:
    """So many children, most of them looked after once, some again, with moves and reviews in and out of time."""
    return [Life(f"L{index:03}", _stays(rng)) for index in range(number)]


def _stays(rng: Random) -> list[Stay]:
    stays = []
    day = date(2023, 1, 1) + timedelta(days=rng.randrange(900))
    for _ in range(rng.choice([1, 1, 2, 3])):
        end = day + timedelta(days=rng.randrange(5, 700))
        stay = Stay(day, end if end < LAST and rng.random() < 0.8 else None)
        until = stay.end or LAST
        stay.moves = _days(rng, day, until, 40, 400)
        stay.held = _reviews(rng, day, until)
        stays.append(stay)
        day = until + timedelta(days=rng.randrange(2, 90))
        if stay.end is None or day > LAST:
            break
    return stays


def _days(rng: Random, day: date, until: date, least: int, most: int) -> list[date]:
    found = []
    while (day := day + timedelta(days=rng.randrange(least, most))) < until:
        found.append(day)
    return found


def _reviews(rng: Random, start: date, until: date) -> list[date]:
    first = start + timedelta(days=rng.randrange(5, 45))
    if first >= until:
        return []
    return [first, *_days(rng, first, until, 45, 230)]


def written(life: Life, year: int) -> dict[str, list[str]]:
    """The rows a council returns of this child for the year to 31 March."""
    first, last = date(year - 1, 4, 1), date(year, 3, 31)
    episodes = []
    for stay in life.stays:
        starts = [stay.start, *stay.moves]
        for index, start in enumerate(starts):
            end = starts[index + 1] if index + 1 < len(starts) else stay.end
            if start > last or (end is not None and end < first):
                continue
            is_last = index + 1 == len(starts)
            ended = end if end is not None and end <= last else None
            rec = ("E4A" if is_last else "X1") if ended else ""
            rne = "S" if index == 0 else "P"
            episodes.append(f"{life.reference},{_d(start)},{rne},C2,N1,U6,PR1,{_d(ended)},{rec},,,,")
    if not episodes:
        return {}
    reviews = [
        f"{life.reference},01/02/2012,{_d(day)},PN1" for s in life.stays for day in s.held if first <= day <= last
    ]
    return {
        "Header": [f"{life.reference},1,01/02/2012,WBRI,,,"],
        "Episodes": episodes,
        "Reviews": reviews or [f"{life.reference},01/02/2012,,"],
    }


def _d(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def truth(children: list[Life], first: date, last: date) -> dict[str, tuple[int, int]]:
    """A1 and C4 on the last day, C3 of the days between: numerator and denominator."""
    looked_after = up_to_date = held = in_time = 0
    for life in children:
        for stay in life.stays:
            seen = [day for day in stay.held if day >= FIRST]
            if stay.has(last):
                looked_after += 1
                due = stay.due_by([day for day in seen if day <= last])
                up_to_date += due is not None and due >= last
            for index, day in enumerate(seen):
                due = stay.due_by(seen[:index])
                if first <= day <= last and due is not None:
                    held += 1
                    in_time += day <= due
    return {"A1": (looked_after, looked_after), "C4": (up_to_date, looked_after), "C3": (in_time, held)}


def month_ends() -> list[tuple[date, date]]:
    """The first and last day of each of the 36 months the returns tell of."""
    firsts = [date(2023 + (3 + n) // 12, (3 + n) % 12 + 1, 1) for n in range(36)]
    return [(first, first.replace(day=monthrange(first.year, first.month)[1])) for first in firsts]
