"""Somebody who connects another system reads how, in a real browser under the security policy."""

import re

from playwright.sync_api import expect


def test_the_documentation_is_read_from_contents_to_shape(town):
    person = town.signed_in("iro")
    person.opens("/api/v1/docs/")
    person.page.get_by_role("link", name="Record a review").click()
    expect(person.page).to_have_url(re.compile("#reviews_record_create$"))
    person.page.get_by_role("link", name="RecordBodyRequest").click()
    expect(person.page.get_by_role("heading", name="RecordBodyRequest")).to_be_visible()
    person.looks()
