"""Home pages: what each role does first, and nothing of what it may not see."""

from datetime import date

import pytest

from audit.models import AccessEvent
from children.models import Allocation
from children.services import end_allocation
from reviews.services import SectionTyped, save_draft
from tests.conftest import NOW, TODAY, person
from tests.making import make_decision

from .conftest import answer, concern, held, waiting

LISTED = {
    "iro": (
        "Today and this week",
        "Late",
        "Answers that came",
        "Decisions past their date",
        "My caseload",
    ),
    "iro_manager": ("Children without an IRO", "Late", "Stuck escalations", "Caseloads"),
    "team_manager": ("Late in my team", "Coming", "What I promised", "Mine to do"),
    "service_manager": ("Late in my service", "Coming", "What I promised"),
    "head": ("This quarter", "All figures"),
    "assistant_director": ("This quarter", "All figures"),
    "director": ("This quarter", "All figures"),
    "social_worker": ("My children&#x27;s next reviews", "Mine to do"),
    "business_support": ("To book now", "Due within 30 days, not booked yet"),
    "returns_officer": ("Imports returns", "Data quality"),
    "analyst": ("Reads the authority&#x27;s figures", "Figures"),
    "auditor": ("Reads records and figures", "Figures"),
    "governance": ("Reads who has looked",),
    "administrator": ("Opens and closes accounts",),
}


def lines(page, heading):
    return next(shown for shown in page.context["page"].lists if shown.heading == heading).lines


@pytest.mark.parametrize("role", LISTED)
def test_each_role_starts_with_its_own_lists(place, signed_in, role):
    page = signed_in(place.people[role]).get("/")
    assert page.status_code == 200
    for words in LISTED[role]:
        assert words in page.content.decode()


@pytest.mark.parametrize("role", LISTED)
def test_every_empty_list_says_why(place, signed_in, role):
    page = signed_in(place.people[role]).get("/")
    for shown in page.context["page"].lists:
        assert not shown.lines
        assert shown.empty.endswith(".")


def test_somebody_without_a_post_is_told_whom_to_ask(place, signed_in):
    page = signed_in(person(place.authority, "Nobody Yet")).get("/")
    assert "You hold no post here" in page.content.decode()


def test_an_iro_sees_what_is_late_and_whose_move_it_is(seeded, place, signed_in):
    page = signed_in(place.people["iro"]).get("/")
    late = lines(page, "Late")
    assert [(line.tag, line.whose) for line in late] == [("Overdue", "You"), ("Overdue", "Team manager to answer")]
    assert "31 working days late, not booked" in late[0].text


def test_this_week_holds_records_to_finish_then_what_is_booked_or_due(place, make_child, signed_in):
    to_record, today, due = (make_child(care_from=date(2025, 3, 3)) for _ in range(3))
    by = {"planned_at": NOW, "planned_by": place.people["iro"]}
    waiting(to_record, runs_from_on=date(2026, 3, 1), planned_for_on=date(2026, 8, 13), **by)
    waiting(today, runs_from_on=date(2026, 3, 2), planned_for_on=TODAY, **by)
    waiting(due, runs_from_on=date(2026, 2, 20))
    found = lines(signed_in(place.people["iro"]).get("/"), "Today and this week")
    assert [(line.child_id, line.whose) for line in found] == [
        (to_record.pk, "To record"),
        (today.pk, "To hold"),
        (due.pk, "To book"),
    ]


def test_a_record_begun_stands_first_until_it_is_recorded(place, make_child, signed_in):
    review = waiting(make_child(care_from=date(2025, 3, 3)), runs_from_on=date(2026, 7, 8))
    typed = SectionTyped("discussion", {"discussion": ["So far"]}, 0)
    save_draft(review=review, typed=typed, by=place.people["iro"], at=NOW)
    first = signed_in(place.people["iro"]).get("/").context["page"].lists[0]
    assert (first.heading, first.lines[0].url) == ("Records to finish", f"/reviews/{review.uuid}/record/")
    assert first.lines[0].text.endswith("Saved 17 August 2026, 10:30")
    assert "Records to finish" not in signed_in(place.people["iro_manager"]).get("/").content.decode()


def test_a_booking_too_late_stands_first_of_what_is_late_and_see_all_opens_all(place, make_child, signed_in):
    by = {"planned_at": NOW, "planned_by": place.people["iro"]}
    for number in range(9):
        waiting(make_child(care_from=date(2025, 3, 3)), runs_from_on=date(2026, 1, 5 + number))
    fixable = make_child(care_from=date(2025, 3, 3))
    waiting(fixable, runs_from_on=date(2026, 3, 1), planned_for_on=date(2026, 9, 2), **by)
    client = signed_in(place.people["iro"])
    shown = next(one for one in client.get("/").context["page"].lists if one.heading == "Late")
    assert (shown.lines[0].child_id, shown.lines[0].tag) == (fixable.pk, "Booked too late")
    assert shown.has_more
    reviews, answers = (client.get(link.url).context["table"].rows for link in shown.more)
    assert (len(reviews), len(answers)) == (10, 0)


def test_answers_that_came_wait_for_the_iro(seeded, place, signed_in):
    raised = concern(seeded[0], place.people["iro"], on=date(2026, 8, 10))
    answer(raised, place.people["team_manager"], on=date(2026, 8, 12), answer="CONTESTED")
    found = lines(signed_in(place.people["iro"]).get("/"), "Answers that came")
    assert [(line.tag, line.whose) for line in found] == [("Contested", "Resolve it or move it up")]
    assert not lines(signed_in(place.people["other_iro"]).get("/"), "Answers that came")


def test_a_team_manager_starts_with_what_waits(seeded, place, signed_in):
    text = signed_in(place.people["team_manager"]).get("/").content.decode()
    assert "1 waits for you" in text
    assert seeded[1].reference in text
    assert text.index("1 waits for you") < text.index("Late in my team")
    other = signed_in(place.people["other_team_manager"]).get("/").content.decode()
    assert "Nothing waits for you" in other
    assert seeded[1].reference not in other


def test_a_manager_sees_what_they_promised(seeded, place, signed_in):
    raised = concern(seeded[0], place.people["iro"], on=date(2026, 8, 10))
    answer(raised, place.people["team_manager"], on=date(2026, 8, 12))
    found = lines(signed_in(place.people["team_manager"]).get("/"), "What I promised")
    assert [(line.child_id, line.tag) for line in found] == [(seeded[0].pk, "Overdue")]


def test_an_iro_manager_sees_children_without_an_iro_and_each_load(seeded, place, signed_in):
    end_allocation(allocation=Allocation.objects.get(child=seeded[0], kind="IRO"), on=TODAY, at=NOW)
    page = signed_in(place.people["iro_manager"]).get("/")
    assert len(lines(page, "Children without an IRO")) == 2
    loads = {load.name: (load.children, load.overdue) for load in page.context["page"].loads}
    assert loads == {"Ada Iro": (5, 1), "Bob Other": (0, 0)}
    assert [line.tag for line in lines(page, "Stuck escalations")] == ["Overdue"]


def test_business_support_sees_what_to_book_and_no_concern(seeded, place, signed_in):
    page = signed_in(place.people["business_support"]).get("/")
    assert seeded[2].pk in [line.child_id for line in lines(page, "To book now")]
    assert "Stage" not in page.content.decode()
    assert "Informal" not in page.content.decode()


def test_a_social_worker_sees_next_reviews_and_what_is_theirs_to_do(place, make_child, signed_in):
    mine, other = make_child(care_from=date(2025, 3, 3)), make_child(care_from=date(2025, 3, 3), worker=None)
    for child in (mine, other):
        for due_on in (date(2026, 1, 5), date(2026, 7, 5)):
            review = held(child, due_on, due_on)
            make_decision(
                review, text=f"Decided {due_on}", owner="Sam", outcome="It is done.", due_on=date(2026, 8, 1)
            )
        waiting(child, runs_from_on=date(2026, 7, 5))
    page = signed_in(place.people["social_worker"]).get("/")
    assert [line.child_id for line in lines(page, "My children's next reviews")] == [mine.pk]
    found = lines(page, "Mine to do")
    assert [(line.child_id, line.tag) for line in found] == [(mine.pk, "Overdue")]
    assert "Decided 2026-07-05" in found[0].title


def test_a_head_of_service_reads_the_quarter_in_words(seeded, place, signed_in):
    text = signed_in(place.people["head"]).get("/").content.decode()
    assert "2 of 4 reviews in time this quarter (50.0%)" in text
    assert "1 waits" not in text


def test_the_children_a_home_page_shows_are_logged_once(seeded, place, signed_in):
    signed_in(place.people["team_manager"]).get("/")
    event = AccessEvent.objects.get(actor_id=place.people["team_manager"].pk)
    assert (event.action, event.what) == ("LIST", "dashboards:home")
    assert {seeded[1].pk, seeded[2].pk} <= set(event.child_ids)


@pytest.mark.parametrize("role", ["other_iro", "other_team_manager", "social_worker"])
def test_home_shows_no_strangers_child(seeded, place, elsewhere, signed_in, make_child, role):
    stranger = make_child(home=elsewhere, care_from=date(2025, 3, 3))
    waiting(stranger, runs_from_on=date(2026, 1, 5))
    text = signed_in(place.people[role]).get("/").content.decode()
    assert str(stranger) not in text
    assert role == "social_worker" or not any(str(child) in text for child in seeded)


def test_home_asks_the_same_few_questions_at_any_size(seeded, place, make_child, signed_in, questions):
    few = {role: questions(signed_in(place.people[role]), "/") for role in LISTED}
    for index in range(7):
        child = make_child(care_from=date(2025, 3, 3))
        held(child, date(2026, 7, 10), date(2026, 7, 10 + index), rag="GREEN")
        waiting(child, runs_from_on=date(2026, 1, 10 + index))
        concern(child, place.people["iro"], on=date(2026, 7, 10))
    assert {role: questions(signed_in(place.people[role]), "/") for role in LISTED} == few
    assert max(few.values()) <= 20
