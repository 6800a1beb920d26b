"""A council's file of its children: what each row comes to, in one transaction."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from audit.services import record_event, record_events
from authorities.models import Authority, CalendarDay
from children.models import CarePeriod, Child
from children.services import Batch, Care
from reviews.models import Review
from reviews.services import find_in_file, history_of, settle_care, settle_cycles
from timescales import FIRST_REVIEW, due_on
from timescales.refusals import Refused
from timescales.words import in_words

from ...checking import Bad
from ...feeds.care import CareHeld, CareSaid, care_said
from ...feeds.checking import ChildSaid, child_said, refuse_unsure
from ...feeds.layouts import CHILDREN
from ...feeds.reading import FeedFile
from ...feeds.report import FeedReport
from ...reading import NothingToRead
from ...spelling import Spellings
from ...statistics import renew_when_committed
from .details import new_child, take_details, write_details
from .rows import FedRow, Taking
from .working import take_people

MOST_MISSING = 5  # per cent of the children looked after that a file may leave out


class TooManyMissing(NothingToRead):
    """The file leaves out so many children that it is more likely cut short than right."""


def sync_children(
    *, file: FeedFile, authority: Authority, at: datetime, is_preview: bool = False, is_sure: bool = False
) -> FeedReport:
    """Take up what the file says of an authority's children, and say what became of every row.

    Each row lands whole or not at all, but for a team or a person nobody knows, whose cell alone is left; the same
    file again changes nothing. A preview does all of it and takes it back. Raises TooManyMissing, with nothing
    written, for a file without rows or one that leaves out over MOST_MISSING per cent, unless somebody `is_sure`.
    """
    report = FeedReport(file.name, CHILDREN.words, is_preview, file.ignored)
    with transaction.atomic():
        # One file of an authority at a time, and none beside a return. Without its key, so that others go on.
        locked = Authority.objects.select_for_update(no_key=True).get(pk=authority.pk)
        _note_missing(report, file, locked, is_sure)
        said = _checked(file, report, locked, at)
        taking = Taking.begin(locked, said, report, at)
        _begin_history(taking)
        _plan(taking, said)
        _write(taking)
        taking.finish()
        _log(taking)
        if is_preview:
            transaction.set_rollback(True)
        else:
            renew_when_committed()
    return report


def _note_missing(report: FeedReport, file: FeedFile, authority: Authority, is_sure: bool) -> None:
    looked_after = set(Child.objects.of_authority(authority.pk).looked_after().values_list("reference", flat=True))
    report.miss(sorted(looked_after - {row.values["reference"] for row in file.rows}))
    missing, of = len(report.missing), len(looked_after)
    if is_sure or (file.rows and missing * 100 <= of * MOST_MISSING):
        return
    what = f"leaves out {missing:,} of the {of:,} children looked after" if file.rows else "holds no child"
    raise TooManyMissing(
        f"{file.name} {what}, so nothing was changed: it may have been cut short. If it is right, give --go-ahead."
    )


def _checked(file: FeedFile, report: FeedReport, authority: Authority, at: datetime) -> list[ChildSaid]:
    for problem in file.problems:
        report.refuse(problem.row, problem.column, "", problem.reason)
    unsure, spellings = refuse_unsure(file.rows), Spellings.held_by(authority)
    found = []
    for row in file.rows:
        reference = row.values["reference"]
        try:
            if row.number in unsure:
                raise Bad("reference", reference, unsure[row.number])
            if reference and (other := spellings.why_not(reference)):
                raise Bad("reference", reference, other.reason)
            found.append(child_said(row, on=localdate(at)))
        except Bad as bad:
            report.refuse(row.number, bad.column, bad.value, bad.reason)
    return found


def _begin_history(taking: Taking) -> None:
    """Where nothing at all is known of before, every review is known of children whose first is still to come."""
    authority = taking.authority
    if not taking.is_first or authority.history_from or CarePeriod.objects.filter(authority=authority).exists():
        return
    calendar, first = CalendarDay.objects.working_calendar(), taking.on
    while due_on(FIRST_REVIEW, first - timedelta(days=1), calendar) >= taking.on:
        first -= timedelta(days=1)
    authority.history_from = first
    authority.save(update_fields=["history_from"])


def _plan(taking: Taking, said: list[ChildSaid]) -> None:
    """Each row that lands, with the episodes to be; the others refused."""
    batch = Batch(Child)
    reviewed = _last_reviews(taking, said)
    for one in said:
        held, before = taking.children.get(one.reference), taking.before.get(one.reference)
        row = FedRow(one, held or new_child(taking, one), before.said if before else None, is_new=held is None)
        try:
            care = _care_of(taking, row, reviewed)
            if held is not None:
                take_details(taking, row, batch)
        except Bad as bad:
            taking.refuse(one, bad)
            continue
        for one_of_it in care.differences:
            taking.differ(row, one_of_it.column, one_of_it.value, one_of_it.reason)
        row.episodes = care.episodes
        row.is_changed |= bool(care.episodes)
        taking.rows.append(row)
    write_details(taking, batch)


def _last_reviews(taking: Taking, said: list[ChildSaid]) -> dict[int, object]:
    """The last review held of each child whose care the file ends."""
    ended = [taking.children[one.reference] for one in said if one.care_ended_on and one.reference in taking.children]
    rows = Review.objects.held().filter(child__in=ended).order_by("held_on")
    return dict(rows.values_list("child", "held_on"))


def _care_of(taking: Taking, row: FedRow, reviewed: dict[int, object]) -> CareSaid:
    pk = row.child.pk
    periods = taking.care.periods.get(pk, []) if pk else []
    held = CareHeld(
        row.child.date_of_birth,
        periods,
        taking.care.episodes.get(pk, {}) if pk else {},
        row.before,
        reviewed.get(pk) if pk else None,  # type: ignore[arg-type]  # the day of one
    )
    row.begins_care = all(period.starts_on != row.said.care_started_on for period in periods)
    return care_said(row.said, held, taking.on)


def _write(taking: Taking) -> None:
    changed = [row for row in taking.rows if row.episodes]
    _settle(taking, changed)
    _find_reviews(taking)
    take_people(taking)


def _settle(taking: Taking, changed: list[FedRow]) -> None:
    if not changed:
        return
    care = _only(taking.care, [row.child for row in changed])
    given = [(row, one) for row in changed for one in row.episodes]
    outcomes = settle_care(care=care, episodes=[(row.child, one) for row, one in given])
    for (row, one), outcome in zip(given, outcomes, strict=True):
        if isinstance(outcome, Refused):  # `care_said` has asked the same before anything was written
            raise outcome
        if outcome == "created":
            row.begun.append(one.starts_on)
    _settle_reviews(taking, care)
    taking.care.periods |= care.periods
    begun = [row for row in changed if row.begins_care]
    ended = [row for row in changed if row.said.care_ended_on]
    for verb, rows in (("care.started", begun), ("care.ended", ended)):
        record_events(verb=verb, subjects=[_period_of(taking, row) for row in rows], by=None, at=taking.at)


def _only(care: Care, children: list[Child]) -> Care:
    """The care of these children alone."""
    keys = [child.pk for child in children]
    return Care(
        care.authority_id,
        {child.pk: child for child in children},
        {pk: care.periods.get(pk, []) for pk in keys},
        {pk: care.episodes.get(pk, {}) for pk in keys},
    )


def _period_of(taking: Taking, row: FedRow) -> CarePeriod:
    periods = taking.care.periods[row.child.pk]
    return next(period for period in periods if period.starts_on == row.said.care_started_on)


def _settle_reviews(taking: Taking, care: Care) -> None:
    settle_cycles(care=care, history=history_of(taking.authority), on=taking.on, at=taking.at)


def _find_reviews(taking: Taking) -> None:
    """Take up the last review the file gives of those whose next due date is not known."""
    told = {row.child.pk: row for row in taking.rows if row.said.last_review_on and not row.said.care_ended_on}
    days = {pk: row.said.last_review_on for pk, row in told.items() if row.said.last_review_on}
    begun = [pk for pk, row in told.items() if row.begins_care and row.episodes]
    evidence = f"The council's file of {in_words(taking.on)}."
    found = find_in_file(found=days, begun=begun, evidence=evidence, on=taking.on)
    if found:
        _settle_reviews(taking, _only(taking.care, [told[pk].child for pk in found]))
    for pk in found:
        told[pk].is_changed = True


def _log(taking: Taking) -> None:
    record_event(
        verb="feed.read", subject=taking.feed, by=None, at=taking.at, authority_id=taking.authority.pk,
        **taking.report.counts,
    )  # fmt: skip
