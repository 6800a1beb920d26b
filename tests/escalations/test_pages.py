"""What each person meets on the pages about concerns."""

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from audit.models import AccessEvent
from escalations.filters import EscalationFilter
from escalations.models import Escalation, Ladder, Response
from escalations.services import move_up, resolve
from reviews.services import link_review
from tests.conftest import NOW, TODAY
from tests.making import viewer
from tests.reviews.conftest import held_review

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def get(place, signed_in):
    def fetch(who, name, thing, **query):
        return signed_in(place.people[who]).get(reverse(f"escalations:{name}", args=[thing.uuid]), query)

    return fetch


@pytest.fixture
def post(place, signed_in):
    def send(who, name, thing, **fields):
        return signed_in(place.people[who]).post(reverse(f"escalations:{name}", args=[thing.uuid]), fields)

    return send


def acceptance(**changes):
    fields = {
        "answer": "ACCEPTED",
        "action": "Book the assessment",
        "action_due_on_day": "21",
        "action_due_on_month": "8",
        "action_due_on_year": "2026",
        "submission": str(uuid4()),
        "position": "0",
    }
    return fields | changes


def text(response):
    return " ".join(response.content.decode().split())


# the list


def listed(client):
    return client.get(reverse("escalations:list"))


def test_the_list_says_whose_move_it_is_and_by_when(place, concern, signed_in):
    escalation = concern()
    page = text(listed(signed_in(place.people["iro"])))
    assert escalation.reference in page
    assert "Meera North, team manager" in page
    assert "24 Aug 2026" in page
    assert "5 working days left" in page


def test_the_list_logs_whose_records_were_seen(place, concern, signed_in):
    escalation = concern()
    listed(signed_in(place.people["iro"]))
    assert AccessEvent.objects.get(what="escalations:list").child_ids == [escalation.child_id]


@pytest.mark.parametrize(
    "who, status, is_shown",
    [
        ("iro", 200, True),
        ("other_iro", 200, False),
        ("other_team_manager", 200, False),
        ("head", 200, True),
        ("auditor", 200, True),
        ("business_support", 403, False),
        ("returns_officer", 403, False),
    ],
)
def test_the_list_shows_only_what_one_may_read(place, concern, signed_in, who, status, is_shown):
    escalation = concern()
    page = listed(signed_in(place.people[who]))
    assert page.status_code == status
    assert (escalation.reference in text(page)) is is_shown


def test_the_list_filters_by_status_stage_and_mine(place, concern, answer, signed_in):
    waiting, formal, answered, done = concern(), concern(position=1), concern(), concern()
    answer(answered)
    resolve(escalation=done, resolution="Done", by=place.people["iro"], at=NOW, on=TODAY)
    url = reverse("escalations:list")

    def found(who, query):
        page = text(signed_in(place.people[who]).get(url, query))
        return {row for row in (waiting, formal, answered, done) if row.reference in page}

    assert found("iro", {}) == {waiting, formal, answered}
    assert found("iro", {"status": "RESOLVED"}) == {done}
    assert found("iro", {"status": "", "stage": "Informal"}) == {waiting, answered, done}
    assert found("iro", {"waiting": "me"}) == {answered}
    assert found("team_manager", {"waiting": "me"}) == {waiting}
    assert found("service_manager", {"waiting": "me"}) == {formal}
    assert found("iro", {"stage": "made up"}) == {waiting, formal, answered}


def test_the_stages_are_offered_although_the_apis_description_was_written_first(place, concern, signed_in):
    informal, formal = concern(), concern(position=1)
    assert EscalationFilter.base_filters["stage"].field.choices  # as whoever writes it asks for them
    page = text(signed_in(place.people["iro"]).get(reverse("escalations:list"), {"stage": "Informal"}))
    assert informal.reference in page
    assert formal.reference not in page


def test_the_list_costs_the_same_for_three_as_for_twelve(place, concern, signed_in, django_assert_max_num_queries):
    client = signed_in(place.people["iro_manager"])

    def cost():
        with django_assert_max_num_queries(60) as counted:
            assert listed(client).status_code == 200
        return len(counted)

    for _ in range(3):
        concern()
    cost()  # the first page of a session also writes the session
    few = cost()
    for position in [0, 1, 2, 3, 4, 0, 1, 2, 3]:
        concern(position=position)
    assert cost() == few


def test_the_list_pages(place, make_child, concern, signed_in):
    child = make_child()
    for _ in range(51):
        concern(child=child)
    page = signed_in(place.people["iro"]).get(reverse("escalations:list"), {"page": "2"})
    assert "Showing 51 to 51 of 51" in text(page)


# one concern


def test_the_page_draws_every_rung_with_who_when_and_in_whose_words(place, concern, answer, get):
    escalation = concern()
    answer(escalation, answer="CONTESTED", reason="It was done in May.")
    escalation.refresh_from_db()
    move_up(
        escalation=escalation,
        stage=escalation.ladder.stages.get(position=2),
        reason="The nurse says not.",
        by=place.people["iro"],
        at=NOW,
        on=TODAY,
    )
    page = text(get("iro", "escalation", escalation))
    assert "Meera North</strong> on 17 August 2026 (in time): <strong>Contest</strong>" in page
    assert "It was done in May." in page
    assert "Left out." in page  # stage 1
    assert "Why it came here:</strong> The nurse says not." in page
    assert "Asked: head of service Hana Head" in page
    assert page.count("Not reached.") == 2
    assert "0 of 20 working days used" in page


def test_a_promise_ends_before_its_day_whatever_was_typed(concern, answer, get):
    escalation = concern()
    answer(escalation, answer="PART_ACCEPTED", action="We can do half", reason="No beds")
    page = text(get("iro", "escalation", escalation))
    assert "We can do half</p>" in page
    assert "<strong>To be done by 17 August 2026</strong></p>" in page


@pytest.mark.parametrize(
    "today, words",
    [
        ("2026-09-15", ["20 of 20 working days used", "15 working days late"]),  # a bank holiday is passed over
        ("2026-09-16", ["21 of 20 working days used", "more than the IRO Handbook"]),
    ],
)
def test_the_formal_days_count_from_the_first_formal_step(concern, get, today, words):
    escalation = concern(position=1)
    with time_machine.travel(f"{today} 10:00:00", tick=False):
        page = text(get("iro", "escalation", escalation))
    assert [missing for missing in words if missing not in page] == []


def test_a_linked_review_is_named(place, make_child, concern, get):
    child = make_child()
    escalation = concern(child=child)
    link_review(escalation=escalation, review=held_review(child), by=place.people["iro"], at=NOW)
    page = text(get("iro", "escalation", escalation))
    assert "rated Red" in page
    assert "(raised it)" not in page
    escalation.links.update(is_origin=True)
    assert "rated Red (raised it)" in text(get("iro", "escalation", escalation))


@pytest.mark.parametrize(
    "who, shown, hidden",
    [
        ("team_manager", ["Answer this concern"], ["Move up", "Resolve"]),
        ("iro", ["Move up", "Resolve", "The team manager Meera North is asked"], ["Answer this concern"]),
        ("head", ["The team manager Meera North is asked"], ["Answer this concern", "Move up", "Resolve"]),
    ],
)
def test_the_next_move_depends_on_who_looks(concern, get, who, shown, hidden):
    page = text(get(who, "escalation", concern()))
    assert [words for words in shown if words not in page] == []
    assert [words for words in hidden if words in page] == []


def test_after_an_acceptance_the_button_is_resolve_and_after_a_contest_move_up(concern, answer, get):
    for given, button in [("ACCEPTED", "Resolve"), ("CONTESTED", "Move up")]:
        escalation = concern()
        answer(escalation, answer=given, reason="Because")
        page = text(get("iro", "escalation", escalation))
        assert f"{button}</a>" in page.split('class="govuk-button"')[1][:300]


def test_at_the_top_of_the_ladder_there_is_nowhere_to_move(concern, get):
    escalation = concern(position=4)
    assert "Move up" not in text(get("iro", "escalation", escalation))
    assert get("iro", "move_up", escalation).status_code == 302


@pytest.mark.parametrize("name", ["escalation", "respond", "move_up", "resolve"])
@pytest.mark.parametrize("who", ["other_iro", "other_team_manager", "returns_officer"])
def test_a_strangers_concern_reads_as_no_such_page(concern, get, name, who):
    assert get(who, name, concern()).status_code == 404


@pytest.mark.parametrize("name", ["escalation", "respond", "move_up", "resolve", "of_child", "raise"])
def test_an_unknown_concern_or_child_is_no_such_page(place, signed_in, name):
    url = reverse(f"escalations:{name}", args=[uuid4()])
    assert signed_in(place.people["iro_manager"]).get(url).status_code == 404


@pytest.mark.parametrize("name", ["of_child", "raise"])
def test_a_strangers_child_is_no_such_page(make_child, get, name):
    assert get("other_iro", name, make_child()).status_code == 404


@pytest.mark.parametrize("name", ["escalation", "respond", "move_up", "resolve"])
def test_business_support_does_not_read_what_escalations_say(concern, get, name):
    page = get("business_support", name, concern())
    assert page.status_code == 403
    assert "health assessment" not in text(page)


@pytest.mark.parametrize("who", ["team_manager", "social_worker", "head", "director", "auditor"])
@pytest.mark.parametrize("name", ["move_up", "resolve"])
def test_nobody_but_the_iro_and_the_iro_manager_opens_the_acts(concern, get, post, name, who):
    escalation = concern()
    assert get(who, name, escalation).status_code == 403
    fields = {"resolution": "Gone", "stage": "1", "reason": "Gone", "position": "0"}
    assert post(who, name, escalation, **fields).status_code == 403
    escalation.refresh_from_db()
    assert (escalation.status, escalation.stage.position) == ("OPEN", 0)


# answering


def test_the_answer_asked_for_in_the_link_is_chosen(concern, get):
    page = get("team_manager", "respond", concern(), answer="PART_ACCEPTED")
    assert page.context["form"]["answer"].value() == "PART_ACCEPTED"
    assert 'value="PART_ACCEPTED"' in text(page)


def test_who_is_asked_next_reads_what_was_answered_before(place, concern, answer, get):
    escalation = concern()
    answer(escalation, answer="PART_ACCEPTED", action="Book it in May", reason="The nurse was away.")
    escalation.refresh_from_db()
    ada = {"by": place.people["iro"], "at": NOW, "on": TODAY}
    move_up(escalation=escalation, stage=escalation.ladder.stages.get(position=1), reason="Too late.", **ada)
    words = "Informal, <strong>Meera North</strong> on 17 August 2026: <strong>Accept in part</strong>"
    page = text(get("service_manager", "respond", escalation))
    for said in (words, "Book it in May</p>", "To be done by 17 August 2026", "“The nurse was away.”"):
        assert said in page
    assert "What was answered before" not in text(get("team_manager", "respond", concern()))


def test_a_made_up_answer_in_the_link_chooses_none(concern, get):
    assert "checked" not in text(get("team_manager", "respond", concern(), answer="NONSENSE"))


def test_accepting_goes_back_to_the_concern_and_says_so(concern, post, get):
    escalation = concern()
    sent = post("team_manager", "respond", escalation, **acceptance())
    assert sent.url == reverse("escalations:escalation", args=[escalation.uuid])
    assert "Your answer has been sent to the IRO." in text(get("team_manager", "escalation", escalation))


def test_a_double_click_lands_on_the_same_page_and_keeps_one_answer(concern, post):
    escalation, fields = concern(), acceptance()
    first, second = (post("team_manager", "respond", escalation, **fields) for _ in range(2))
    assert first.url == second.url
    assert Response.objects.count() == 1


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"answer": ""}, "Select whether you accept"),
        ({"action": ""}, "Say what will be done"),
        ({"action_due_on_day": "16"}, "has passed"),
        ({"action_due_on_day": "31", "action_due_on_month": "2"}, "must be a real date"),
        ({"answer": "PART_ACCEPTED"}, "Say what you do not accept, and why"),
        ({"answer": "CONTESTED"}, "Say why you contest it"),
        ({"action": "x" * 4001}, "must be 4,000 characters or fewer"),
        ({"submission": "tampered"}, "Open it again"),
        ({"position": "0x"}, "Open it again"),
    ],
)
def test_an_answer_that_is_not_whole_comes_back_with_the_reason(concern, post, changes, words):
    page = post("team_manager", "respond", concern(), **acceptance(**changes))
    assert page.status_code == 200
    assert words in text(page)
    assert not Response.objects.exists()


def test_everything_an_answer_leaves_out_is_said_at_once(concern, post):
    left_out = acceptance(answer="PART_ACCEPTED", action="", action_due_on_day="", action_due_on_month="")
    page = post("team_manager", "respond", concern(), **(left_out | {"action_due_on_year": ""}))
    assert set(page.context["form"].errors) == {"action", "action_due_on", "reason"}


def test_who_comes_second_is_told_who_was_first_and_keeps_the_text(place, concern, answer, post):
    escalation = concern()
    answer(escalation)
    page = post("team_manager", "respond", escalation, **acceptance(action="My own long text"))
    assert page.status_code == 409
    assert "Meera North answered this concern on 17 August 2026" in text(page)
    assert "My own long text" in text(page)
    assert "21 August 2026" in text(page)
    assert reverse("escalations:escalation", args=[escalation.uuid]) in text(page)


@pytest.mark.parametrize("who", ["iro", "head", "service_manager", "auditor"])
def test_who_is_not_asked_may_not_answer(concern, get, post, who):
    escalation = concern()
    assert get(who, "respond", escalation).status_code == 403
    assert post(who, "respond", escalation, **acceptance()).status_code == 403


def test_the_answer_page_of_what_is_answered_leads_to_the_concern(concern, answer, get):
    escalation = concern()
    answer(escalation)
    assert get("team_manager", "respond", escalation).status_code == 302


# moving up, resolving, raising


def test_moving_up_offers_only_higher_rungs(concern, get):
    form = get("iro", "move_up", concern(position=2)).context["form"]
    assert [key for key, _ in form.fields["stage"].choices] == ["3", "4"]


def test_moving_up_and_the_same_click_again(concern, post):
    escalation = concern()
    fields = {"stage": "2", "reason": "No answer", "position": "0"}
    for _ in range(2):
        assert post("iro", "move_up", escalation, **fields).status_code == 302
    assert escalation.steps.count() == 2


def test_moving_what_another_has_moved_keeps_the_text(concern, post):
    escalation = concern()
    post("iro_manager", "move_up", escalation, stage="1", reason="First", position="0")
    page = post("iro", "move_up", escalation, stage="2", reason="My own reason", position="0")
    assert page.status_code == 409
    assert "Ivy Lead has already moved this concern to Stage 1" in text(page)
    assert "My own reason" in text(page)


@pytest.mark.parametrize("position", ["999", "-1", "abc", "4"])
def test_a_tampered_rung_moves_nothing(concern, post, position):
    escalation = concern()
    page = post("iro", "move_up", escalation, stage="1", reason="Because", position=position)
    assert page.status_code in (200, 409)
    assert escalation.steps.count() == 1


def test_resolving_says_so_and_the_second_person_keeps_the_text(concern, post):
    escalation = concern()
    assert "Enter how it was resolved" in text(post("iro", "resolve", escalation, resolution=""))
    assert post("iro", "resolve", escalation, resolution="Done").status_code == 302
    page = post("iro_manager", "resolve", escalation, resolution="My words")
    assert page.status_code == 409
    assert "My words" in text(page)


def test_raising_between_reviews(ladder, make_child, post, get):
    child = make_child()
    fields = {"stage": "1", "concern": "Placement at risk", "sought": "A plan", "token": str(uuid4())}
    sent = [post("iro", "raise", child, **fields) for _ in range(2)]
    raised = Escalation.objects.get()
    assert {page.url for page in sent} == {reverse("escalations:escalation", args=[raised.uuid])}
    assert raised.stage.name == "Stage 1"
    assert raised.reference in text(get("iro", "of_child", child))


def test_raising_without_words_asks_for_them(ladder, make_child, post):
    page = text(post("iro", "raise", make_child(), stage="1", token=str(uuid4())))
    assert "Enter what the concern is" in page
    assert "Enter what would settle it" in page


def test_without_a_ladder_the_page_says_what_to_do(make_child, get, post):
    child = make_child()
    assert not Ladder.objects.exists()
    assert "has no ladder of stages in force" in text(get("iro", "raise", child))
    assert post("iro", "raise", child, stage="0", concern="x", sought="y").status_code == 200


def test_only_the_iro_sees_the_button_to_raise(ladder, make_child, get):
    child = make_child()
    assert "Raise a concern" in text(get("iro", "of_child", child))
    assert "Raise a concern" not in text(get("team_manager", "of_child", child))
    assert get("team_manager", "raise", child).status_code == 403


def test_each_page_about_a_child_logs_the_reading(concern, get):
    escalation = concern()
    for name in ["escalation", "move_up", "resolve"]:
        get("iro", name, escalation)
    get("iro", "of_child", escalation.child)
    assert set(AccessEvent.objects.values_list("what", flat=True)) == {
        "escalations:escalation",
        "escalations:move_up",
        "escalations:resolve",
        "escalations:of_child",
    }


# what waits, for a manager's home page


def test_the_cards_link_to_each_answer(place, concern):
    from django.template.loader import render_to_string

    from escalations.standings import waiting_for

    escalation = concern()
    html = render_to_string(
        "escalations/waiting.html", {"waiting": waiting_for(viewer(place.people["team_manager"]))}
    )
    respond = reverse("escalations:respond", args=[escalation.uuid])
    for code in Response.Answer.values:
        assert f"{respond}?answer={code}" in html
    assert escalation.child.reference in html
    assert escalation.child.given_name not in html
    assert "5 working days left" in html


def test_the_cards_cost_the_same_for_one_as_for_four(place, concern, answer, django_assert_num_queries):
    from django.template.loader import render_to_string

    from escalations.standings import waiting_for

    for many in (1, 3):
        for _ in range(many):
            escalation = concern()
            answer(escalation, answer="CONTESTED", reason="Done in May.")
            escalation.refresh_from_db()
            stage = escalation.ladder.stages.get(position=1)
            move_up(escalation=escalation, stage=stage, reason="No", by=place.people["iro"], at=NOW, on=TODAY)
        with django_assert_num_queries(4):
            cards = waiting_for(viewer(place.people["service_manager"]))
            page = render_to_string("escalations/waiting.html", {"waiting": cards})
        assert page.count("Meera North (Informal): Contest.</strong> Done in May.") == len(cards)
    assert len(cards) == 4
