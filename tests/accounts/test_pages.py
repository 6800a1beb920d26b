"""The accounts a system administrator looks after."""

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from audit.models import BusinessEvent
from tests.conftest import NOW, employ, person
from tests.making import viewer

pytestmark = pytest.mark.django_db
NEW = {
    "given_name": "Nia",
    "family_name": "New",
    "email": "Nia.New@Council.example",
    "role": "TEAM_MANAGER",
    "fte": "0.6",
    "on_day": "17",
    "on_month": "8",
    "on_year": "2026",
}


@pytest.fixture
def administrator(signed_in, place):
    with time_machine.travel(NOW, tick=False):
        yield signed_in(place.people["administrator"])


def test_the_list_shows_everybody_of_the_authority_with_their_posts(administrator, place, elsewhere):
    text = administrator.get("/accounts/").content.decode()
    assert "Team manager, North" in text
    assert place.people["iro"].username in text
    assert elsewhere.people["iro"].username not in text


def test_the_list_costs_the_same_at_two_sizes(administrator, place):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    administrator.get("/accounts/")  # the first page of a session notes its start
    with CaptureQueriesContext(connection) as few:
        administrator.get("/accounts/")
    for number in range(12):
        employ(person(place.authority, f"More P{number}"), "IRO")
    with CaptureQueriesContext(connection) as many:
        administrator.get("/accounts/")
    assert len(many) == len(few)


def test_opening_an_account_puts_the_person_in_a_post_and_mails_a_link(administrator, place, mailoutbox):
    answer = administrator.post(reverse("accounts:open"), NEW | {"team": place.teams["north"].pk})
    nia = User.objects.get(username="nia.new@council.example")
    assert answer.url == reverse("accounts:account", args=[nia.uuid])
    assert viewer(nia).roles == ["TEAM_MANAGER"]
    assert str(nia.holdings.get().post.fte) == "0.60"
    (mail,) = mailoutbox
    assert mail.to == ["nia.new@council.example"]
    link = next(word for word in mail.body.split() if "/key/" in word)
    assert administrator.get(link, follow=True).status_code == 200
    assert BusinessEvent.objects.filter(verb="account.opened", actor_id=place.people["administrator"].pk).exists()


@pytest.mark.parametrize(
    "changed, says",
    [
        ({"email": "nia"}, "Enter an e-mail address like name@council.gov.uk"),
        ({"email": "ada.iro@e06999001.example"}, "That e-mail address already has an account."),
        ({"team": ""}, "Choose a team: every post of this role has one"),
        ({"role": "SOCIAL_WORKER", "team": ""}, "Choose a team: every post of this role has one"),
        ({"role": "SERVICE_MANAGER", "team": ""}, "Choose a service: every post of this role has one"),
        ({"role": "SERVICE_MANAGER"}, "Choose None: posts of this role have no team"),
        ({"role": "AUDITOR"}, "Choose None: posts of this role have no team"),
        ({"role": "IRO", "service": "care"}, "Choose None: posts of this role have no service"),
        ({"on_day": "31", "on_month": "12", "on_year": "1989"}, "The day must be 1 January 1990 or later"),
        ({"fte": "1e5"}, "The share of a full week must be 1 or less"),
        ({"fte": "0.6055"}, "two decimals at most"),
        ({"fte": "0.00"}, "The share of a full week must be more than 0"),
        ({"role": "KING"}, "Select one of the answers shown"),
        ({"fte": "1.5"}, "The share of a full week must be 1 or less"),
        ({"fte": "0.605"}, "two decimals at most"),
        ({"on_day": "31", "on_month": "2"}, "must be a real date"),
        ({"on_day": "18"}, "A post is filled on the day"),
        ({"given_name": "N\x00ia"}, "a character that cannot be kept"),
        ({"family_name": "n" * 81}, "must be 80 characters or fewer"),
    ],
)
def test_what_cannot_be_opened_says_why_and_leaves_nothing_behind(administrator, place, changed, says, mailoutbox):
    before = User.objects.count()
    if "service" in changed:
        changed = changed | {"service": place.services[changed["service"]].pk}
    text = administrator.post(
        reverse("accounts:open"), NEW | {"team": place.teams["north"].pk} | changed
    ).content.decode()
    assert says in text
    assert "<title>Error: " in text
    assert "Ensure that" not in text
    assert User.objects.count() == before
    assert not mailoutbox


@pytest.mark.parametrize(
    "role, where",
    [("IRO", {}), ("IRO", {"team": "north"}), ("SERVICE_MANAGER", {"service": "care"}), ("DIRECTOR", {})],
)
def test_a_post_has_the_place_its_role_has(administrator, place, role, where):
    keys = {"team": place.teams, "service": place.services}
    given = {name: keys[name][key] for name, key in where.items()}
    administrator.post(reverse("accounts:open"), NEW | {"role": role} | {name: row.pk for name, row in given.items()})
    post = User.objects.get(username="nia.new@council.example").holdings.get().post
    assert (post.role, post.team, post.service) == (role, given.get("team"), given.get("service"))


def test_no_team_and_no_service_are_offered_in_words(administrator):
    text = administrator.get(reverse("accounts:open")).content.decode()
    assert text.count(">None</option>") == 2
    assert "---------" not in text


def test_a_team_of_another_authority_is_not_offered(administrator, elsewhere):
    answer = administrator.post(reverse("accounts:open"), NEW | {"team": elsewhere.teams["north"].pk})
    assert "Select a valid choice" in answer.content.decode()


def test_a_person_takes_and_leaves_another_post(administrator, place):
    bea = place.people["business_support"]
    post = {name: NEW[name] for name in ("fte", "on_day", "on_month", "on_year")} | {"role": "AUDITOR"}
    administrator.post(reverse("accounts:add_post", args=[bea.uuid]), post)
    assert set(viewer(bea).roles) == {"BUSINESS_SUPPORT", "AUDITOR"}
    held = bea.holdings.get(post__role="AUDITOR")
    administrator.post(reverse("accounts:leave", args=[bea.uuid, held.pk]))
    assert viewer(bea).roles == ["BUSINESS_SUPPORT"]


def test_leaving_asks_first_and_then_ends_the_post(administrator, place):
    bea = place.people["business_support"]
    url = reverse("accounts:leave", args=[bea.uuid, bea.holdings.get().pk])
    assert f'href="{url}"' in administrator.get(reverse("accounts:account", args=[bea.uuid])).content.decode()
    text = administrator.get(url).content.decode()
    assert "Does Bea Support leave this post today?" in text
    assert "Business support, since 6 January 2020." in text
    assert viewer(bea).roles == ["BUSINESS_SUPPORT"]
    administrator.post(url)
    assert viewer(bea).roles == []
    assert administrator.get(url).url == reverse("accounts:account", args=[bea.uuid])


def test_leaving_children_behind_is_refused_in_words(administrator, place, make_child):
    make_child()
    ada = place.people["iro"]
    answer = administrator.post(
        reverse("accounts:leave", args=[ada.uuid, ada.holdings.get().pk]), follow=True
    ).content.decode()
    assert "1 child is allocated to Ada Iro" in answer
    assert viewer(ada).roles == ["IRO"]


def test_closing_asks_first_and_then_closes(administrator, place):
    bob = place.people["other_iro"]
    url = reverse("accounts:close", args=[bob.uuid])
    assert "Close the account of Bob Other?" in administrator.get(url).content.decode()
    assert User.objects.get(pk=bob.pk).is_active
    administrator.post(url)
    assert not User.objects.get(pk=bob.pk).is_active
    assert administrator.get(url).status_code == 403
    assert administrator.post(url).status_code == 302  # a second click
    assert BusinessEvent.objects.filter(verb="account.closed").count() == 1


def test_an_administrator_changes_nothing_about_themselves(administrator, place):
    me = place.people["administrator"]
    for name in ("close", "add_post", "send_link"):
        assert administrator.post(reverse(f"accounts:{name}", args=[me.uuid])).status_code == 403
    assert User.objects.get(pk=me.pk).is_active


def test_the_menu_offers_only_what_the_role_may_open(signed_in, place):
    def menu(name):
        page = signed_in(place.people[name]).get("/accounts/mine/")
        return {label for label, *_ in page.context["navigation"]}

    assert "Accounts" in menu("administrator")
    assert not {"Reviews", "Escalations", "Access log"} & menu("administrator")
    assert "Access log" in menu("governance")
    assert "Escalations" not in menu("business_support")
    assert {"Reviews", "Escalations", "Alerts"} <= menu("iro")


def test_one_s_own_account_says_the_role_in_a_sentence(signed_in, place):
    text = signed_in(place.people["iro"]).get("/accounts/mine/").content.decode()
    assert "Chairs and records the reviews of the children allocated to them" in text
