"""The plain values that the tags in `{% load screens %}` draw."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Link:
    """A link in navigation, breadcrumbs or a row of actions. `hidden` is read out after the label."""

    label: str
    url: str
    is_current: bool = False
    count: int | None = None
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A question and its answer; `value` may be a SafeString."""

    key: str
    value: Any
    actions: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a task list. No `url`: it cannot be started yet; no `kind`: the status is plain text."""

    label: str
    status: str
    url: str | None = None
    kind: str | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, for a timeline. `when` is a day or a moment; `text` may be a SafeString."""

    title: str
    when: date | datetime
    text: Any = ""
    by: str = ""
    url: str | None = None
    kind: str | None = None
    status: str = ""

    @property
    def is_moment(self) -> bool:
        return isinstance(self.when, datetime)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on; `url` is the same list without it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ChipGroup:
    """The filters that are on under one heading."""

    heading: str
    chips: Sequence[Chip] = field(default_factory=tuple)
