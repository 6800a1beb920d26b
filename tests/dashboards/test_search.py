"""Search finds only one's own children, and leaves a trace of what it found but none in the address."""

import pytest

from audit.models import AccessEvent


def test_an_address_alone_leads_home(place, signed_in):
    client = signed_in(place.people["iro"])
    page = client.get("/search/?query=Testname")
    assert (page.status_code, page.url) == (302, "/")
    assert not AccessEvent.objects.exists()


@pytest.mark.parametrize("make", [str, lambda child: child.reference, lambda child: f"  {child.given_name.upper()} "])
def test_finds_by_name_or_reference(place, make_child, signed_in, make):
    child = make_child()
    page = signed_in(place.people["iro"]).post("/search/", {"query": make(child)})
    assert child.reference in page.content.decode()
    event = AccessEvent.objects.get()
    assert (event.action, event.what, event.child_ids) == ("SEARCH", "dashboards:search", [child.pk])


@pytest.mark.parametrize(
    "query, message", [("", "Enter a name or a reference"), ("x" * 101, "100 characters or fewer")]
)
def test_what_cannot_be_searched_is_said(place, signed_in, query, message):
    page = signed_in(place.people["iro"]).post("/search/", {"query": query})
    assert page.status_code == 200
    assert message in page.content.decode()


@pytest.mark.parametrize("query", ["\u0301", "%", "_", "\\", "' OR 1=1"])
def test_signs_find_nothing_instead_of_everything(place, make_child, signed_in, query):
    make_child()
    page = signed_in(place.people["head"]).post("/search/", {"query": query})
    assert "No child of yours has this name or reference" in page.content.decode()


@pytest.mark.parametrize("role", ["other_iro", "other_team_manager", "returns_officer", "administrator"])
def test_a_strangers_child_is_not_found(place, make_child, signed_in, role):
    child = make_child()
    page = signed_in(place.people[role]).post("/search/", {"query": child.reference})
    assert str(child) not in page.content.decode()
    assert not AccessEvent.objects.exists()


def test_a_child_of_another_authority_is_not_found(place, elsewhere, make_child, signed_in):
    child = make_child(home=elsewhere)
    page = signed_in(place.people["head"]).post("/search/", {"query": child.reference})
    assert str(child) not in page.content.decode()


def test_more_than_fifty_says_so_and_logs_only_those_shown(
    place, make_child, signed_in, django_assert_max_num_queries
):
    for _ in range(51):
        make_child(worker=None)
    client = signed_in(place.people["iro"])
    with django_assert_max_num_queries(13):
        page = client.post("/search/", {"query": "Testname"})
    assert "More than 50 children match" in page.content.decode()
    assert len(AccessEvent.objects.get().child_ids) == 50
