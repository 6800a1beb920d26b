"""Data quality: what is found, who may see it, by reference and code alone, and that looking is logged."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AccessEvent
from children.models import Child, Episode
from duties.models import Duty
from returns.quality import BY_SLUG, CHECKS
from returns.services import load_return
from reviews.models import Review
from tests.conftest import NOW, TODAY

from .conftest import episode, header, no_review, review

HOME = "/data-quality/"


@pytest.fixture
def westmarsh(folder, place):
    """The place of the standing cast, with a return that has something wrong in every way."""
    folder.write(
        "Header",
        header("OK"), header("OLD"), header("NOSTART"), header("X1"), header("BREAK"), header("NEVER"),
        "BLANK,2,09/05/2010,,,,", header("ADULT", born="09/05/2001"), header("BABY", born="09/05/2016"),
    )  # fmt: skip
    folder.write(
        "Episodes",
        episode("OK"), episode("OLD", starts="05/06/2015"), episode("NOSTART", rne="P"),
        episode("X1", ends="05/09/2017"), episode("BREAK", ls="V4"), episode("BLANK"), episode("ADULT"),
        episode("BABY"),
    )  # fmt: skip
    folder.write(
        "Reviews",
        review("26/06/2017", "PN0", "OK"), review("28/08/2017", "PN1", "BREAK"),
        review("26/06/2017", "PN1", "BABY", "09/05/2016"),
    )  # fmt: skip
    load_return(folder=folder.path, authority=place.authority, year=2018, at=NOW, on=TODAY)
    Review.objects.filter(child__reference="BABY", held_on__isnull=False).update(participation="PN1")
    Episode.objects.filter(child__reference="OK").update(placement_type="")
    Child.objects.filter(reference="BLANK").update(ethnicity="")
    return place


def names(slug: str, place) -> set[str]:
    return {row["named"] for row in BY_SLUG[slug].find(place.authority.pk, TODAY)}


@pytest.mark.parametrize(
    "slug, expected",
    [
        ("standing-not-known", {"OLD", "NOSTART"}),
        ("participation-and-age", {"OK", "BABY"}),
        ("no-participation", set()),
        ("short-break-reviews", {"BREAK"}),
        ("no-iro", {"OK", "OLD", "NOSTART", "BREAK", "BLANK", "ADULT", "BABY"}),
        ("no-team", {"OK", "OLD", "NOSTART", "BREAK", "BLANK", "ADULT", "BABY"}),
        ("no-start", {"NOSTART"}),
        ("no-next-episode", {"X1"}),
        ("no-placement", {"OK"}),
        ("over-18", {"ADULT"}),
        ("no-care-period", {"NEVER"}),
        ("no-ethnicity", {"BLANK"}),
        ("no-longer-returned", set()),
        ("two-references", {"OK", "OLD", "NOSTART", "X1", "BREAK", "NEVER", "ADULT", "BABY"} | {"BLANK"}),
    ],
)
def test_each_check_finds_what_it_looks_for(westmarsh, slug, expected):
    assert names(slug, westmarsh) == expected


def test_an_allocated_child_is_not_without_iro_or_team(place, make_child):
    child = make_child()
    assert child.reference not in names("no-iro", place) | names("no-team", place)


def test_a_review_without_a_code_is_found(westmarsh):
    Review.objects.filter(child__reference="OK", held_on__isnull=False).update(participation="")
    assert names("no-participation", westmarsh) == {"OK"}


def move(held, on):
    """Have the reviews been held, and their duties met, on another day."""
    held.update(held_on=on)
    Duty.objects.filter(review__in=held).update(met_on=on)


def test_the_fourth_birthday_of_a_leap_day_child_is_the_leap_day(westmarsh):
    Child.objects.filter(reference="OK").update(date_of_birth=date(2012, 2, 29))
    held = Review.objects.filter(child__reference="OK", held_on__isnull=False)
    held.update(participation="PN0")
    move(held, date(2016, 2, 28))
    assert "OK" not in names("participation-and-age", westmarsh)
    move(held, date(2016, 2, 29))
    assert "OK" in names("participation-and-age", westmarsh)


@pytest.mark.parametrize("role", ["returns_officer", "iro_manager"])
def test_those_who_look_after_returns_see_counts_that_open_lists(westmarsh, signed_in, role):
    browser = signed_in(westmarsh.people[role])
    page = browser.get(HOME).content.decode()
    assert reverse("returns:data_quality_list", args=["no-care-period"]) in page
    assert "2018" in page
    listed = browser.get("/data-quality/no-care-period/").content.decode()
    assert "NEVER" in listed
    assert "BLANK" not in listed


@pytest.mark.parametrize("role", ["iro", "head", "social_worker", "administrator", "governance"])
@pytest.mark.parametrize(
    "path", [HOME, "/data-quality/no-iro/", "/data-quality/no-iro/?format=csv", "/data-quality/x/"]
)
def test_nobody_else_does(westmarsh, signed_in, role, path):
    assert signed_in(westmarsh.people[role]).get(path).status_code == 403


def test_a_child_looked_after_whom_the_newest_return_names_no_more_is_found(westmarsh, folder):
    folder.write("Header", header("OLD")).write("Episodes", episode("OLD", starts="05/06/2015"))
    folder.write("Reviews", no_review("OLD"))
    load_return(folder=folder.path, authority=westmarsh.authority, year=2019, at=NOW, on=TODAY)
    found = names("no-longer-returned", westmarsh)
    assert "OK" in found
    assert not found & {"OLD", "X1", "NEVER"}


def test_what_could_not_be_read_is_listed_by_year_and_downloads(westmarsh, signed_in, folder):
    folder.write("Header", header("OK", born="31/02/2010"), "C9,M,09/05/2010,WXYZ,,,")
    load_return(folder=folder.path, authority=westmarsh.authority, year=2018, at=NOW, on=TODAY)
    browser = signed_in(westmarsh.people["returns_officer"])
    address = reverse("returns:problems", args=[2018])
    assert address in browser.get(HOME).text
    listed = browser.get(address).text
    assert "There is no such day" in listed
    assert "WXYZ" in listed
    assert "header.csv,2,DOB,31/02/2010" in browser.get(f"{address}?format=csv").content.decode("utf-8-sig")
    assert browser.get(reverse("returns:problems", args=[2001])).status_code == 404
    assert signed_in(westmarsh.people["iro"]).get(address).status_code == 403


def test_an_unknown_check_is_not_found(place, signed_in):
    assert signed_in(place.people["returns_officer"]).get("/data-quality/x/").status_code == 404


def test_another_authority_is_not_counted(westmarsh, elsewhere, signed_in):
    listed = signed_in(elsewhere.people["returns_officer"]).get("/data-quality/no-iro/").content.decode()
    assert "Nothing was found." in listed


def test_names_are_never_shown_and_the_reading_is_logged(place, make_child, signed_in):
    child = make_child(iro=None)
    browser = signed_in(place.people["returns_officer"])
    listed = browser.get("/data-quality/no-iro/").content.decode()
    assert child.reference in listed
    assert child.given_name not in listed
    event = AccessEvent.objects.get()
    assert (event.child_ids, event.action, event.what) == ([child.pk], "LIST", "returns:data_quality_list")
    browser.get("/data-quality/no-iro/?format=csv")
    assert AccessEvent.objects.filter(action="DOWNLOAD").count() == 1


def test_the_list_downloads_as_csv(westmarsh, signed_in):
    answer = signed_in(westmarsh.people["returns_officer"]).get("/data-quality/no-next-episode/?format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "X1,2017-09-05,X1" in answer.content.decode("utf-8-sig")


def test_a_list_asks_the_same_few_questions_at_any_size(place, make_child, signed_in):
    browser = signed_in(place.people["returns_officer"])
    make_child(iro=None)
    browser.get("/data-quality/no-iro/")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/data-quality/no-iro/?sort=day&dir=desc").status_code == 200
        return len(queries)

    def sixty_more() -> None:
        for _ in range(60):
            make_child(iro=None, worker=None, team=None)

    on_one_page = asked()
    sixty_more()
    on_two_pages = asked()
    sixty_more()
    assert asked() == on_two_pages
    assert on_two_pages == on_one_page + 1  # the count, asked only where there is a second page


def test_every_check_has_words_of_its_own():
    assert len({check.slug for check in CHECKS}) == len({check.title for check in CHECKS}) == len(CHECKS)
