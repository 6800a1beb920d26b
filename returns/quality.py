"""What the data-quality page looks for: each check with its words and the rows it finds.

A row is named by reference, day and code alone, since those who mend the data do not open records. Each gives
`about` (the child's key, for the access event), `named` (the reference), `day` and `code`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery

from children.models import Allocation, CarePeriod, Child, Episode, TeamAllocation
from reviews.models import Review
from timescales import NOT_KNOWN, birthday

from .models import Return, ReturnedChild

Find = Callable[[int, date], QuerySet]
ADULT = 18  # years


@dataclass(frozen=True)
class Check:
    """One thing to look for. `find` takes the authority's key and today; `asks` says what would mend it."""

    slug: str
    title: str
    asks: str
    day: str  # what the day in a row is
    code: str  # what the code in a row is
    find: Find


class FourthBirthday(Func):
    """The day a child turns four; four years on there is a 29 February again."""

    template = "((%(expressions)s) + interval '4 years')::date"
    output_field = DateField()


def _named(found: QuerySet, *, day: str, code: object, child: str = "child__") -> QuerySet:
    """The rows as the page shows them."""
    return found.annotate(about=F(f"{child}pk"), named=F(f"{child}reference"), day=F(day), code=code).values(
        "about", "named", "day", "code"
    )


def _open_periods(authority_id: int) -> QuerySet:
    return CarePeriod.objects.open().filter(authority=authority_id)


def _first_episode(field: str) -> Subquery:
    return Subquery(Episode.objects.filter(care_period=OuterRef("pk")).order_by("starts_on").values(field)[:1])


def standing_not_known(authority_id: int, today: date) -> QuerySet:
    """Open reviews without a date, because earlier history is not held."""
    found = Review.objects.open().filter(authority=authority_id, duty__rule=NOT_KNOWN)
    return _named(found, day="care_period__starts_on", code=F("cycle"))


def participation_against_age(authority_id: int, today: date) -> QuerySet:
    """Held reviews whose code does not fit the child's age that day (rules 440 and 441)."""
    held = Review.objects.held().filter(authority=authority_id).exclude(participation="")
    held = held.annotate(fourth=FourthBirthday("child__date_of_birth"))
    too_old = Q(participation="PN0", held_on__gte=F("fourth"))
    too_young = ~Q(participation="PN0") & Q(held_on__lt=F("fourth"))
    return _named(held.filter(too_old | too_young), day="held_on", code=F("participation"))


def without_participation(authority_id: int, today: date) -> QuerySet:
    """Held reviews without a participation code (rule 167)."""
    found = Review.objects.held().filter(authority=authority_id, participation="")
    return _named(found, day="held_on", code=F("source"))


def reviews_of_short_breaks(authority_id: int, today: date) -> QuerySet:
    """Reviews returned for time that was short breaks only (rule 399)."""
    found = Review.objects.held().filter(
        authority=authority_id, source=Review.Source.RETURN, cycle=Review.Cycle.SHORT_BREAK
    )
    return _named(found, day="held_on", code=F("participation"))


def without_iro(authority_id: int, today: date) -> QuerySet:
    """Children looked after without an IRO."""
    live = Allocation.objects.live().filter(child=OuterRef("child"), kind=Allocation.Kind.IRO)
    return _named(_open_periods(authority_id).exclude(Exists(live)), day="starts_on", code=_legal_status())


def without_team(authority_id: int, today: date) -> QuerySet:
    """Children looked after without a team."""
    live = TeamAllocation.objects.filter(child=OuterRef("child"), ends_on__isnull=True)
    return _named(_open_periods(authority_id).exclude(Exists(live)), day="starts_on", code=_legal_status())


def begun_without_start(authority_id: int, today: date) -> QuerySet:
    """Open care periods whose first episode does not say that care started, so an earlier one is missing."""
    found = _open_periods(authority_id).annotate(first=_first_episode("reason_started")).exclude(first="S")
    return _named(found, day="starts_on", code=F("first"))


def ended_to_go_on(authority_id: int, today: date) -> QuerySet:
    """Care periods that ended with the code for a new episode the same day, which is missing."""
    found = CarePeriod.objects.filter(authority=authority_id, reason_ended="X1")
    return _named(found, day="ends_on", code=F("reason_ended"))


def without_placement(authority_id: int, today: date) -> QuerySet:
    """Open episodes without a placement code."""
    found = Episode.objects.filter(authority=authority_id, ends_on__isnull=True, placement_type="")
    return _named(found, day="starts_on", code=F("legal_status"))


def looked_after_as_adults(authority_id: int, today: date) -> QuerySet:
    """Open care periods of people who are 18."""
    found = _open_periods(authority_id).filter(child__date_of_birth__lte=birthday(today, -ADULT))
    return _named(found, day="starts_on", code=_legal_status())


def never_looked_after(authority_id: int, today: date) -> QuerySet:
    """Children of whom no care period is held."""
    found = Child.objects.filter(authority=authority_id, care_periods=None)
    return _named(found, day="date_of_birth", code=F("ethnicity"), child="")


def without_ethnicity(authority_id: int, today: date) -> QuerySet:
    """Children looked after without an ethnicity code."""
    return _named(_open_periods(authority_id).filter(child__ethnicity=""), day="starts_on", code=_legal_status())


def no_longer_returned(authority_id: int, today: date) -> QuerySet:
    """Children looked after whom the newest return that tells of episodes names no more."""
    told = Return.objects.of(authority_id).filter(tables__contains=["Episodes"])
    names = ReturnedChild.objects.filter(of__authority=authority_id, reference=OuterRef("child__reference"))
    newest = names.filter(of=Subquery(told.values("pk")[:1]), is_withdrawn=False)
    found = _open_periods(authority_id).filter(Exists(names)).exclude(Exists(newest))
    last = names.order_by("-of__year").values("of__year")[:1]
    return _named(found, day="starts_on", code=Subquery(last))


def under_two_references(authority_id: int, today: date) -> QuerySet:
    """Children with the pupil number of another, or born the same day, of the same sex, and in care from one day."""
    others = Child.objects.filter(authority=authority_id).exclude(pk=OuterRef("pk"))
    # UN1 to UN5 say why there is no number.
    same_number = others.filter(upn=OuterRef("upn")).exclude(upn="").exclude(upn__startswith="UN")
    same_start = CarePeriod.objects.filter(
        authority=authority_id,
        child__date_of_birth=OuterRef("child__date_of_birth"),
        child__sex=OuterRef("child__sex"),
        starts_on=OuterRef("starts_on"),
    ).exclude(child=OuterRef("child"))
    alike = CarePeriod.objects.filter(Exists(same_start), authority=authority_id)
    found = Child.objects.filter(Exists(same_number) | Q(pk__in=alike.values("child")), authority=authority_id)
    return _named(found, day="date_of_birth", code=F("upn"), child="")


def _legal_status() -> Subquery:
    return Subquery(
        Episode.objects.filter(care_period=OuterRef("pk")).order_by("-starts_on").values("legal_status")[:1]
    )


CHECKS = (
    Check(
        "standing-not-known",
        "Next review not known",
        "Load the return of the year before, or record the last review.",
        "Care began",
        "Cycle",
        standing_not_known,
    ),
    Check(
        "participation-and-age",
        "Participation code does not fit the age",
        "PN0 is for children under four, PN1 to PN7 for older ones (rules 440 and 441). Correct the return.",
        "Review held",
        "Participation",
        participation_against_age,
    ),
    Check(
        "no-participation",
        "Review without a participation code",
        "Add the code to the return (rule 167).",
        "Review held",
        "Came from",
        without_participation,
    ),
    Check(
        "short-break-reviews",
        "Review returned for short breaks",
        "Reviews are not returned for children on short breaks only (rule 399). Check the legal status.",
        "Review held",
        "Participation",
        reviews_of_short_breaks,
    ),
    Check("no-iro", "No IRO", "Allocate an IRO.", "Care began", "Legal status", without_iro),
    Check("no-team", "No team", "Give the child a team.", "Care began", "Legal status", without_team),
    Check(
        "no-start",
        "Care period without its start",
        "The first episode held is not a start of care (RNE S), so an earlier one is missing. Load it.",
        "First episode held",
        "Reason it began",
        begun_without_start,
    ),
    Check(
        "no-next-episode",
        "Episode missing after X1",
        "The last episode ended because a new one began the same day (X1). Load the new one, or correct the end.",
        "Care ended",
        "Reason it ended",
        ended_to_go_on,
    ),
    Check(
        "no-placement",
        "No placement code",
        "Add where the child is placed to the return.",
        "Episode began",
        "Legal status",
        without_placement,
    ),
    Check(
        "over-18",
        "Looked after at 18 or over",
        "Nobody is looked after past the 18th birthday. End the care period, or correct the date of birth.",
        "Care began",
        "Legal status",
        looked_after_as_adults,
    ),
    Check(
        "no-care-period",
        "Never looked after",
        "No episode is held of this child. Load the episodes, or take the child out of the Header.",
        "Born",
        "Ethnicity",
        never_looked_after,
    ),
    Check(
        "no-longer-returned",
        "Looked after, and in the newest return no more",
        "Say in the return when care ended, or correct it: until then the child stands as looked after.",
        "Care began",
        "Last returned for the year to March",
        no_longer_returned,
    ),
    Check(
        "two-references",
        "Perhaps one child under two references",
        "They share a pupil number, or were born the same day and came into care the same day. Where it is one child,"
        " return one reference.",
        "Born",
        "Pupil number",
        under_two_references,
    ),
    Check(
        "no-ethnicity", "No ethnicity", "Add the code to the Header.", "Care began", "Legal status", without_ethnicity
    ),
)
BY_SLUG = {check.slug: check for check in CHECKS}
