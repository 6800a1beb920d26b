"""The columns of each file, and which of them may be left out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """The columns of a file: those it must have, and those it may."""

    words: str  # what a row of it is about, as a count says it: "children"
    required: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All that is read."""
        return (*self.required, *self.optional)


CHILDREN = Layout(
    "children",
    (
        "reference", "given_name", "family_name", "date_of_birth", "sex", "care_started_on", "legal_status",
        "category_of_need", "placement_type", "care_ended_on", "reason_ended", "team", "social_worker", "iro",
    ),
    ("placement_started_on", "last_review_on", "upn"),
)  # fmt: skip
STAFF = Layout(
    "staff",
    ("email", "given_name", "family_name", "role", "team", "service"),
    ("fte", "starts_on", "ends_on"),
)
# What these hold is never printed: a report may end in a log.
NAMES = frozenset({"given_name", "family_name"})
