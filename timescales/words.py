"""How a date and a number are said in an explanation."""

from datetime import date


def in_words(day: date) -> str:
    """A date as it is spoken: "Friday 4 December 2026"."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def counted(number: int, one: str) -> str:
    """A number with its noun: "1 working day", "20 working days"."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def listed(items: list[str]) -> str:
    """Items in a sentence: "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))
