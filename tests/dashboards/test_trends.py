"""The small charts: each point is what the figure of that month, quarter or day would say."""

from datetime import UTC, date, datetime

from authorities.models import CalendarDay
from authorities.words import words_of
from dashboards.figures import BY_SLUG, Scope
from dashboards.figures.trends import all_trends
from dashboards.rules import Period
from escalations.services import resolve
from reviews.services import end_care
from tests.conftest import NOW, TODAY

from .conftest import concern, held

HALF_OF_JULY = Period(date(2026, 7, 1), date(2026, 7, 15), "then")


def scope(place, period=HALF_OF_JULY):
    return Scope(place.authority.pk, period, TODAY, CalendarDay.objects.working_calendar(), words_of({}))


def chart(place, title, period=HALF_OF_JULY):
    trend = next(trend for trend in all_trends(scope(place, period)) if trend.title.startswith(title))
    return {point.label: point.values[0] if len(point.values) == 1 else point.values for point in trend.points}


def test_children_at_each_months_end_and_on_the_last_day(place, make_child):
    def ended(care_from, on):
        end_care(care_period=make_child(care_from=care_from).care_periods.get(), on=on, reason="E4A", at=NOW)

    make_child(care_from=date(2021, 3, 3))
    ended(date(2025, 1, 6), date(2026, 5, 31))  # not looked after on the day it ended
    ended(date(2025, 1, 6), date(2026, 6, 1))
    ended(date(2025, 1, 6), date(2026, 7, 20))  # after the last day, in the same month
    make_child(care_from=date(2026, 7, 15))
    make_child(care_from=date(2026, 7, 16))
    found = chart(place, "Looked-after children")
    assert [found[label] for label in ("30 Apr 2026", "31 May 2026", "30 Jun 2026", "15 Jul 2026")] == [4, 3, 2, 3]
    assert BY_SLUG["children-looked-after"].read(scope(place)).numerator == 3


def test_escalations_open_at_each_months_end_by_our_own_clock(place, make_child, ladder):
    ada = place.people["iro"]
    concern(make_child(care_from=date(2025, 3, 3)), ada, on=date(2026, 5, 31))
    late_in_june = concern(make_child(care_from=date(2025, 3, 3)), ada, on=date(2026, 6, 1))
    evening = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # half past eleven at night in summer time
    resolve(escalation=late_in_june, resolution="Mended.", by=ada, at=evening, on=date(2026, 6, 30))
    concern(make_child(care_from=date(2025, 3, 3)), ada, on=date(2026, 7, 15))
    found = chart(place, "Open escalations")
    assert [found[label] for label in ("30 Apr 2026", "31 May 2026", "30 Jun 2026", "15 Jul 2026")] == [0, 1, 1, 2]


def test_reviews_and_ratings_by_when_they_took_place(place, make_child):
    child = make_child(care_from=date(2025, 3, 3))
    held(child, date(2026, 6, 20), date(2026, 6, 30), rag="GREEN")
    held(child, date(2026, 7, 10), date(2026, 7, 1), rag="RED", rag_reason="No plan.")
    held(child, date(2026, 7, 20), date(2026, 7, 15))
    held(child, date(2026, 7, 20), date(2026, 7, 16), rag="GREEN")
    held(child, None, date(2026, 7, 2))
    assert chart(place, "Reviews in time")["Jun 2026"] == 0.0
    assert chart(place, "Reviews in time")["Jul 2026"] == 100.0
    assert chart(place, "Reviews in time")["May 2026"] is None
    assert [chart(place, "Reviews held late")[month] for month in ("Jun 2026", "Jul 2026")] == [1, 0]
    ratings = chart(place, "Ratings")
    assert (ratings["Apr to Jun 2026"], ratings["Jul to Sep 2026"]) == ((1, 0, 0), (0, 0, 1))


def test_a_period_longer_than_the_charts_does_not_lengthen_them(place, make_child):
    child = make_child(care_from=date(2021, 3, 3))
    held(child, date(2022, 6, 20), date(2022, 6, 1), rag="GREEN")
    long = Period(date(2022, 1, 1), date(2026, 7, 15), "then")
    assert BY_SLUG["reviews-in-time"].read(scope(place, long)).denominator == 1
    assert len(chart(place, "Reviews in time", long)) == 12
    assert sum(sum(values) for values in chart(place, "Ratings", long).values()) == 0
