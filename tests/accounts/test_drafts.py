"""What is typed on a page with a box for a paragraph is kept on the server until it is sent."""

from urllib.parse import quote

import pytest
import time_machine
from django.urls import reverse

from accounts.models import PageDraft
from tests.conftest import NOW
from tests.escalations.conftest import ladder

__all__ = ["ladder"]


@pytest.fixture(autouse=True)
def _at_the_desk():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def page(ladder, make_child):
    return reverse("escalations:raise", args=[make_child().uuid])


def save(client, page, version=0, **fields):
    return client.post(f"{reverse('accounts:keep_draft')}?page={quote(page)}", {**fields, "version": version})


def test_a_concern_half_typed_stands_in_its_box_again(page, place, signed_in):
    client = signed_in(place.people["iro"])
    answer = save(client, page, concern="The plan has dr", token="5")
    assert answer.json() == {"saved_at": NOW.isoformat(), "version": 1}
    shown = client.get(page)
    assert "The plan has dr</textarea>" in shown.content.decode()
    assert 'data-autosave-version="1"' in shown.content.decode()
    assert "Saved 10:30" in shown.content.decode()
    assert PageDraft.objects.get().fields == {"concern": ["The plan has dr"]}


def test_it_is_only_its_writers(page, place, signed_in):
    save(signed_in(place.people["iro"]), page, concern="The plan has dr")
    assert "The plan has dr" not in signed_in(place.people["iro_manager"]).get(page).content.decode()


def test_it_goes_once_it_is_sent(page, place, signed_in):
    client = signed_in(place.people["iro"])
    save(client, page, concern="The plan has dr")
    token = client.get(page).context["form"]["token"].value()
    sent = {"stage": "0", "concern": "The plan has drifted", "sought": "A date", "token": token}
    assert client.post(page, sent).status_code == 302
    assert not PageDraft.objects.exists()


def test_another_page_overwrites_nothing(page, place, signed_in):
    client = signed_in(place.people["iro"])
    save(client, page, concern="First")
    assert save(client, page, concern="Second").status_code == 409
    assert save(client, page, concern="First").json()["version"] == 1
    assert save(client, page, version=1, concern="First and more").json()["version"] == 2


@pytest.mark.parametrize("bad", ["", "https://elsewhere.example/", "/" + "x" * 300])
def test_only_a_page_of_ours_is_kept(place, signed_in, bad):
    assert save(signed_in(place.people["iro"]), bad, concern="x").status_code == 400


def test_what_a_signed_out_form_gives_back_is_what_somebody_typed(page, client):
    hidden = {"token": "15332df4", "position": "0", "is_answered": "False", "seen_5d41": "x", "version": "0"}
    text = client.post(page, {"concern": "The plan has drifted", **hidden}).content.decode()
    assert "The plan has drifted" in text
    for name in ("Token", "Position", "Is answered", "Seen", "Version"):
        assert f">{name}" not in text
