"""Every number is the length of the list behind it, for whoever asks."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Post
from audit.models import AccessEvent
from authorities.models import CalendarDay
from authorities.words import words_of
from children.models import Child, Episode
from children.services import add_child
from dashboards.figures import BY_SLUG, FIGURES, scope_for
from dashboards.permissions import reach_of
from dashboards.rules import Period
from reviews.models import Review
from reviews.services import end_care, start_care
from tests.conftest import NOW, TODAY, employ, person
from tests.making import viewer

from .conftest import answer, concern, held, waiting

QUARTER = Period(date(2026, 7, 1), TODAY, "this quarter")
READERS = ["iro", "iro_manager", "team_manager", "service_manager", "head", "director", "auditor"]


def scope(user, period=QUARTER):
    asking, calendar = viewer(user), CalendarDay.objects.working_calendar()
    return scope_for(asking, reach_of(asking.roles), period, calendar, words_of({}))


def counts(user, slug, period=QUARTER):
    return {part.slug: part.count for part in BY_SLUG[slug].read(scope(user, period)).parts}


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("period", [QUARTER, Period(date(2026, 4, 1), date(2026, 7, 12), "then")])
def test_each_part_counts_exactly_its_list(seeded, place, role, period):
    here = scope(place.people[role], period)
    for figure in FIGURES:
        for part in figure.read(here).parts:
            found = figure.list(here, part.slug)
            assert found
            assert part.count == len(found[1]) == found[1].count(), (figure.slug, part.slug)


def test_reviews_in_time_by_kind(seeded, place):
    found = counts(place.people["head"], "reviews-in-time")
    assert (found["in-time"], found["all"], found["late"], found["no-date"]) == (2, 4, 2, 1)
    assert (found["first-in-time"], found["first"]) == (1, 1)
    assert (found["second-in-time"], found["second"]) == (0, 1)
    assert (found["later-in-time"], found["later"]) == (1, 2)


def test_one_meeting_for_two_cycles_counts_once_and_is_in_time_only_if_both_were(place, make_child):
    child = make_child(care_from=date(2025, 1, 6))
    held(child, date(2026, 7, 20), date(2026, 7, 8))
    held(child, date(2026, 7, 1), date(2026, 7, 8), cycle="ADOPTION")
    found = counts(place.people["head"], "reviews-in-time")
    assert (found["all"], found["in-time"], found["late"]) == (1, 0, 1)


def test_short_break_reviews_are_not_counted(place, make_child):
    held(make_child(care_from=date(2025, 1, 6)), date(2026, 7, 20), date(2026, 7, 8), cycle="SHORT_BREAK")
    assert counts(place.people["head"], "reviews-in-time")["all"] == 0


@pytest.mark.parametrize("rule, in_time", [("LATER_REVIEW", 1), ("FIRST_REVIEW", 0)])
def test_six_monthly_reviews_due_in_the_relaxed_months_of_2020_count_in_time(place, make_child, rule, in_time):
    held(make_child(care_from=date(2020, 1, 6)), date(2020, 6, 1), date(2020, 6, 20), rule=rule)
    found = counts(place.people["head"], "reviews-in-time", Period(date(2020, 4, 1), date(2020, 6, 30), "then"))
    assert (found["all"], found["in-time"], found["relaxed"]) == (1, in_time, in_time)


def test_nothing_held_says_none_instead_of_dividing_by_zero(place):
    here = scope(place.people["head"])
    for figure in FIGURES:
        reading = figure.read(here)
        assert reading.denominator == 0 or figure.slug == "iro-posts"
    assert BY_SLUG["reviews-in-time"].read(here).words.value == "none"
    assert BY_SLUG["review-up-to-date"].read(here).words.mark is None


def test_days_late_are_working_days_and_at_least_one(place, make_child):
    saturday = date(2026, 7, 11)
    held(make_child(care_from=date(2025, 1, 6)), saturday - timedelta(days=1), saturday)
    held(make_child(care_from=date(2025, 1, 6)), date(2026, 7, 3), date(2026, 8, 14))
    reading = BY_SLUG["days-late"].read(scope(place.people["head"]))
    assert (reading.of("1-to-2"), reading.of("over-20"), reading.of("all")) == (1, 1, 2)
    assert reading.words.sentence == "median 15.5, longest 30 working days"


def test_bands_add_up_to_the_late_reviews_of_reviews_in_time(seeded, place):
    bands = counts(place.people["head"], "days-late")
    assert sum(count for slug, count in bands.items() if slug != "all") == bands["all"]
    assert bands["all"] == counts(place.people["head"], "reviews-in-time")["late"]


def test_up_to_date_passed_and_not_known_are_all_the_children(seeded, place):
    found = counts(place.people["head"], "review-up-to-date")
    assert found["up-to-date"] + found["passed"] + found["not-known"] == found["all"]
    assert found["all"] == counts(place.people["head"], "children-looked-after")["all"] == 7
    assert (found["passed"], found["not-known"]) == (1, 2)


def test_up_to_date_on_a_past_day_uses_the_review_that_stood_then(place, make_child):
    child = make_child(care_from=date(2025, 1, 6))
    held(child, date(2026, 6, 1), date(2026, 6, 20), number=2)
    waiting(child, runs_from_on=date(2026, 6, 20), number=3)
    head = place.people["head"]
    stood = {
        day: counts(head, "review-up-to-date", Period(date(2026, 4, 1), day, "then"))["up-to-date"]
        for day in (date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 19), date(2026, 6, 20))
    }
    assert list(stood.values()) == [1, 0, 0, 1]


def test_the_due_day_itself_is_still_up_to_date_and_not_overdue(place, make_child):
    child = make_child(care_from=date(2025, 1, 6))
    waiting(child, runs_from_on=date(2026, 2, 17), number=3)
    assert Review.objects.get(child=child).duty.due_on == TODAY
    assert counts(place.people["head"], "review-up-to-date")["up-to-date"] == 1
    assert counts(place.people["head"], "overdue-reviews")["all"] == 0


def test_a_review_of_a_care_period_that_ended_is_not_overdue(place, make_child):
    child = make_child(care_from=date(2025, 1, 6))
    waiting(child, runs_from_on=date(2025, 9, 1), number=3)
    assert counts(place.people["head"], "overdue-reviews")["all"] == 1
    end_care(care_period=child.care_periods.get(), on=date(2026, 8, 10), reason="E4A", at=NOW)
    assert counts(place.people["head"], "overdue-reviews")["all"] == 0


def test_children_only_on_short_breaks_are_counted_apart(place, make_child):
    child = make_child(care_from=date(2025, 1, 6))
    make_child()
    Episode.objects.filter(child=child).update(legal_status="V4")
    found = counts(place.people["head"], "children-looked-after")
    assert (found["all"], found["short-breaks"]) == (1, 1)
    load = counts(place.people["head"], "caseload-per-fte")
    assert (load["all"], load["short-breaks"]) == (1, 1)


def test_ratings_show_the_unrated_apart(seeded, place):
    found = counts(place.people["head"], "ratings")
    assert (found["all"], found["green"], found["amber"], found["red"], found["unrated"]) == (3, 1, 1, 1, 2)


def test_escalations_stand_on_the_rung_of_that_day(place, make_child, ladder):
    child = make_child(care_from=date(2025, 1, 6))
    raised = concern(child, place.people["iro"], on=date(2026, 7, 6))
    head = place.people["head"]
    reading = BY_SLUG["open-escalations"].read(scope(head))
    assert [(part.label, part.count) for part in reading.parts] == [
        ("Open escalations", 1),
        ("Informal", 1),
        ("Answer past its date", 1),
    ]
    answer(raised, place.people["team_manager"], on=date(2026, 8, 3))
    assert counts(head, "open-escalations")["past-date"] == 0
    assert counts(head, "open-escalations", Period(date(2026, 7, 1), date(2026, 8, 2), "then"))["past-date"] == 1
    assert counts(head, "open-escalations", Period(date(2026, 7, 1), date(2026, 7, 5), "then"))["all"] == 0


def test_caseload_is_children_for_each_filled_post_with_the_establishment_beside(place, make_child):
    for _ in range(3):
        make_child()
    Post.objects.filter(role="IRO").update(fte="0.60")
    leaver = Post.objects.filter(role="IRO").last()
    assert leaver
    leaver.holdings.update(ends_on=TODAY)
    reading = BY_SLUG["caseload-per-fte"].read(scope(place.people["head"]))
    assert reading.words.value == "5.0"
    assert reading.words.sentence == "3 children, 0.6 filled of 1.2 established FTE"
    assert reading.words.mark == ("Under 50", "info")


def test_an_agency_iro_counts_as_filled(place, make_child):
    make_child()
    employ(person(place.authority, "Agnes Agency"), "IRO", fte="0.5")
    assert "2.5 filled of 2.5" in BY_SLUG["caseload-per-fte"].read(scope(place.people["head"])).words.sentence


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    past=st.lists(
        st.tuples(
            st.integers(0, 2), st.integers(-40, 46), st.integers(-30, 40), st.sampled_from(["CARE", "ADOPTION"])
        ),
        max_size=12,
        unique_by=lambda row: (row[0], row[1], row[3]),
    ),
    ends=st.integers(-20, 47),
)
def test_any_past_gives_numbers_equal_to_their_lists(place, make_child, past, ends):
    children = [make_child(care_from=date(2025, 1, 6)) for _ in range(3)]
    for index, held_after, late, cycle in past:
        on = date(2026, 7, 1) + timedelta(days=held_after)
        held(children[index], on - timedelta(days=late), on, cycle=cycle)
    here = scope(place.people["head"], Period(date(2026, 5, 1), date(2026, 7, 1) + timedelta(days=ends), "then"))
    for figure in FIGURES:
        for part in figure.read(here).parts:
            found = figure.list(here, part.slug)
            assert found
            assert part.count == len(found[1]), (figure.slug, part.slug)
    meetings = {(index, held_after) for index, held_after, _, _ in past if -61 <= held_after <= ends}
    fresh = BY_SLUG["reviews-in-time"].read(here)
    keys = {child.pk for child in children}
    listed = BY_SLUG["reviews-in-time"].list(here, "all")
    assert listed
    assert len([row for row in listed[1] if row.child_id in keys]) == len(meetings)
    assert fresh.of("in-time") + fresh.of("late") == fresh.denominator


# Pages


@pytest.fixture
def head(place, signed_in):
    return signed_in(place.people["head"])


def test_the_first_line_says_the_quarter_in_words(seeded, head):
    page = head.get(reverse("dashboards:figures"))
    assert page.status_code == 200
    assert (
        "2 of 4 reviews in time this quarter (50.0%), 2 late; 2 of the 2 in one team (North)" in page.content.decode()
    )
    assert "1 escalation is past its answer date." in page.content.decode()


@pytest.mark.parametrize(
    "query, message",
    [
        ("period=from-to", "Enter the first day"),
        ("period=from-to&from_on_day=31&from_on_month=2&from_on_year=2026", "must be a real date"),
        (
            "period=from-to&from_on_day=2&from_on_month=7&from_on_year=2026&to_on_day=1&to_on_month=7&to_on_year=2026",
            "The last day must be the first day or later",
        ),
        (
            "period=from-to&from_on_day=2&from_on_month=7&from_on_year=2026&to_on_day=1&to_on_month=7&to_on_year=2999",
            "The last day must be today or in the past",
        ),
        (
            "period=from-to&from_on_day=2&from_on_month=7&from_on_year=1066&to_on_day=1&to_on_month=7&to_on_year=2026",
            "1990 or later",
        ),
        (
            "period=from-to&from_on_day=2&from_on_month=7&from_on_year=2001&to_on_day=1&to_on_month=7&to_on_year=2026",
            "within ten years",
        ),
        ("period=for-ever", "Select one of the answers shown"),
    ],
)
def test_a_period_that_cannot_be_is_refused_in_words(seeded, head, query, message):
    for address in (reverse("dashboards:figures"), reverse("dashboards:figure", args=["reviews-in-time"])):
        page = head.get(f"{address}?{query}")
        assert page.status_code == 200
        assert message in page.content.decode()


def test_a_chosen_period_narrows_the_page_and_its_links(seeded, head):
    query = (
        "period=from-to&from_on_day=1&from_on_month=5&from_on_year=2026&to_on_day=31&to_on_month=5&to_on_year=2026"
    )
    page = head.get(f"{reverse('dashboards:figures')}?{query}").content.decode()
    assert "0 of 1 reviews in time in this period (0.0%), 1 late" in page
    listed = head.get(f"{reverse('dashboards:figure', args=['reviews-in-time'])}?{query}&part=late")
    assert listed.context["total"] == 1


@pytest.mark.parametrize(
    "named, first, last, held_in_it",
    [
        ("this-quarter", date(2026, 7, 1), TODAY, 4),
        ("last-quarter", date(2026, 4, 1), date(2026, 6, 30), 1),
        ("year-to-date", date(2026, 4, 1), TODAY, 5),
        ("last-year", date(2025, 4, 1), date(2026, 3, 31), 0),
    ],
)
def test_a_period_by_name_is_the_same_on_the_page_in_the_lists_and_in_the_file(
    seeded, head, named, first, last, held_in_it
):
    page = head.get(f"{reverse('dashboards:figures')}?period={named}")
    assert f'<option value="{named}" selected' in page.content.decode()
    assert f"/figures/reviews-in-time/?period={named}" in page.content.decode()
    listed = head.get(f"{reverse('dashboards:figure', args=['reviews-in-time'])}?period={named}")
    for shown in (page, listed):
        assert (shown.context["scope"].period.first, shown.context["scope"].period.last) == (first, last)
    taken = head.get(f"{reverse('dashboards:download', args=['reviews-in-time'])}?period={named}")
    in_time = next(one for one in page.context["readings"] if one.figure.slug == "reviews-in-time")
    assert in_time.denominator == listed.context["total"] == len(rows_of(taken)) == held_in_it
    assert f"{first}-to-{last}" in taken["Content-Disposition"]


@pytest.mark.parametrize("named", ["this-quarter", "last-quarter", "year-to-date", "last-year"])
def test_the_first_line_and_the_files_name_the_period(seeded, head, named):
    said = {"year-to-date": "this year to date"}.get(named, named.replace("-", " "))
    assert said in head.get(f"{reverse('dashboards:figures')}?period={named}").context["opening"]


# Which rows are counted


@pytest.mark.parametrize("role", ["head", "iro"])
@pytest.mark.parametrize("period", [QUARTER, Period(date(2026, 4, 1), date(2026, 7, 12), "then")])
def test_every_list_marks_the_rows_its_figure_counts(seeded, place, make_child, role, period):
    short = make_child(care_from=date(2025, 1, 6), iro="iro")
    Episode.objects.filter(child=short).update(legal_status="V4")
    here = scope(place.people[role], period)
    for figure in FIGURES:
        numerator = {row.pk for row in listed(figure, here, figure.numerator)}
        for part in figure.read(here).parts:
            rows = listed(figure, here, part.slug)
            counted = {row.pk for row in rows if row.is_counted}
            assert counted == numerator & {row.pk for row in rows}, (figure.slug, part.slug)
            assert figure.counted_of(here, part) == (len(counted), part.count), (figure.slug, part.slug)


def listed(figure, here, slug):
    found = figure.list(here, slug)
    assert found
    return list(found[1])


@pytest.mark.parametrize(
    "slug, part, heading, marks",
    [
        ("reviews-in-time", "all", "2 of these 4 are counted as in time", ["Not counted"] * 2 + ["Counted"] * 2),
        ("reviews-in-time", "late", "none of these 2 is counted as in time", ["Not counted"] * 2),
        ("reviews-in-time", "no-date", "this one is not counted as in time", ["Not counted"]),
        ("review-up-to-date", "all", "4 of these 7 are counted as up to date", ["Not counted"] * 3 + ["Counted"] * 4),
        ("days-late", "all", "all 2 of these are counted as held late", ["Counted"] * 2),
        ("ratings", "unrated", "none of these 2 is counted as rated", ["Not counted"] * 2),
        ("overdue-reviews", "all", "this one is counted as overdue", ["Counted"]),
        ("open-escalations", "all", "all 2 of these are counted as open", ["Counted"] * 2),
        ("iro-posts", "all", "all 2 of these are counted as filled", ["Counted"] * 2),
        ("caseload-per-fte", "unallocated", "this one is not counted as allocated looked-after children", None),
        ("children-looked-after", "all", "all 7 of these are counted as looked-after children", ["Counted"] * 7),
    ],
)
def test_a_list_says_how_many_it_counts_and_which_on_the_page_and_in_the_file(
    seeded, head, slug, part, heading, marks
):
    page = head.get(f"{reverse('dashboards:figure', args=[slug])}?part={part}&sort=counted")
    assert heading in page.content.decode()
    column = f"Counted as {heading.split(' counted as ')[1]}"
    assert column in page.content.decode()
    rows = rows_of(head.get(f"{reverse('dashboards:download', args=[slug])}?part={part}&sort=counted"))
    assert [row[column] for row in rows] == (marks or ["Not counted"])


@pytest.mark.parametrize("address", ["figures/nothing/", "figures/reviews-in-time/?part=nothing"])
def test_an_unknown_figure_or_part_is_not_found(seeded, head, address):
    assert head.get(f"/{address}").status_code == 404


def test_every_part_opens_and_downloads_the_same_rows(seeded, head, place):
    for figure in FIGURES:
        for part in figure.read(scope(place.people["head"])).parts:
            page = head.get(f"{reverse('dashboards:figure', args=[figure.slug])}?part={part.slug}")
            taken = head.get(f"{reverse('dashboards:download', args=[figure.slug])}?part={part.slug}")
            assert page.context["total"] == part.count == len(rows_of(taken)), (figure.slug, part.slug)


def rows_of(response):
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_a_download_says_its_days_and_refuses_what_are_none(seeded, head):
    held, standing = (reverse("dashboards:download", args=[slug]) for slug in ("reviews-in-time", "overdue-reviews"))
    named = [head.get(address)["Content-Disposition"] for address in (f"{held}?period=last-quarter", standing)]
    assert named == [
        'attachment; filename="reviews-in-time-all-2026-04-01-to-2026-06-30.csv"',
        'attachment; filename="overdue-reviews-all-2026-08-17.csv"',
    ]
    refused = head.get(f"{held}?period=from-to", follow=True)
    assert refused.redirect_chain[0][0] == f"{reverse('dashboards:figure', args=['reviews-in-time'])}?period=from-to"
    assert "Enter the first day" in refused.content.decode()


def test_reading_and_downloading_a_list_is_logged(seeded, head, place):
    head.get(reverse("dashboards:figure", args=["overdue-reviews"]))
    head.get(reverse("dashboards:download", args=["overdue-reviews"]))
    events = AccessEvent.objects.filter(actor_id=place.people["head"].pk).order_by("pk")
    assert [(event.action, event.what, event.child_ids) for event in events] == [
        ("LIST", "dashboards:figure", [seeded[2].pk]),
        ("DOWNLOAD", "dashboards:download", [seeded[2].pk]),
    ]


def test_a_name_that_is_a_formula_is_only_text_in_the_download(place, head):
    child = add_child(
        child=Child(
            authority=place.authority,
            reference='=HYPERLINK("http://x","y")',
            given_name="=2+3",
            family_name="@SUM(A1)",
            date_of_birth=date(2014, 1, 1),
            sex="F",
        ),
        at=NOW,
    )
    start_care(
        child=child, on=date(2026, 8, 3), at=NOW, legal_status="C2", category_of_need="N1", placement_type="U6"
    )
    rows = rows_of(head.get(reverse("dashboards:download", args=["children-looked-after"])))
    assert [(row["Child"], row["Reference"]) for row in rows] == [("'=2+3 @SUM(A1)", '\'=HYPERLINK("http://x","y")')]


def test_an_analyst_reads_the_whole_authority_in_numbers_and_no_list(seeded, place, signed_in):
    client = signed_in(place.people["analyst"])
    assert counts(place.people["analyst"], "reviews-in-time") == counts(place.people["head"], "reviews-in-time")
    page = client.get(reverse("dashboards:figures"))
    assert page.status_code == 200
    assert "/figures/reviews-in-time/" not in page.content.decode()
    assert not any(str(child) in page.content.decode() for child in seeded)
    for name in ("figure", "download"):
        assert client.get(reverse(f"dashboards:{name}", args=["reviews-in-time"])).status_code == 403


@pytest.mark.parametrize(
    "role", ["social_worker", "business_support", "returns_officer", "governance", "administrator"]
)
def test_roles_without_figures_are_refused(seeded, place, signed_in, role):
    client = signed_in(place.people[role])
    assert client.get(reverse("dashboards:figures")).status_code == 403
    assert client.get(reverse("dashboards:download", args=["reviews-in-time"])).status_code == 403


@pytest.mark.parametrize("role", ["team_manager", "director", "auditor"])
def test_a_role_that_may_not_export_reads_the_list_but_takes_none_away(seeded, place, signed_in, role):
    client = signed_in(place.people[role])
    listed = client.get(reverse("dashboards:figure", args=["reviews-in-time"]))
    assert listed.status_code == 200
    assert "Download this list" not in listed.content.decode()
    assert client.get(reverse("dashboards:download", args=["reviews-in-time"])).status_code == 403


def test_a_strangers_child_leaves_no_trace(seeded, place, elsewhere, make_child, signed_in):
    theirs = make_child(care_from=date(2025, 3, 3), home=elsewhere)
    held(theirs, date(2026, 7, 10), date(2026, 7, 20), rag="RED", rag_reason="Elsewhere.")
    waiting(theirs, runs_from_on=date(2026, 1, 5))
    for role, mine in (("head", 6), ("other_iro", 0), ("other_team_manager", 0)):
        client = signed_in(place.people[role])
        assert counts(place.people[role], "ratings")["red"] == (1 if mine else 0)
        for figure in FIGURES:
            if figure.needs_whole_authority and role != "head":
                continue
            for name in ("figure", "download"):
                page = client.get(reverse(f"dashboards:{name}", args=[figure.slug])).content.decode()
                assert theirs.reference not in page
                assert mine or not any(child.reference in page for child in seeded)


def test_the_figures_page_asks_the_same_few_questions_at_any_size(seeded, place, make_child, signed_in, questions):
    address = reverse("dashboards:figures")
    few = {role: questions(signed_in(place.people[role]), address) for role in READERS}
    more(make_child)
    assert {role: questions(signed_in(place.people[role]), address) for role in READERS} == few
    assert max(few.values()) <= 20


def test_each_list_asks_the_same_few_questions_at_any_size(seeded, head, make_child, questions):
    addresses = [reverse("dashboards:figure", args=[figure.slug]) for figure in FIGURES]
    few = [questions(head, address) for address in addresses]
    more(make_child)
    assert [questions(head, address) for address in addresses] == few
    assert max(few) <= 13


def more(make_child):
    for index in range(8):
        child = make_child(care_from=date(2025, 3, 3))
        held(child, date(2026, 7, 10), date(2026, 7, 10 + index), rag="GREEN")
        waiting(child, runs_from_on=date(2026, 1, 10 + index))
