"""Somebody who connects another system reads how, in a real browser under the security policy."""


def test_the_documentation_is_read_from_contents_to_shape(town):
    person = town.signed_in("iro")
    person.opens("/api/v1/docs/")
    person.page.get_by_role("link", name="Record a review").click()
    assert person.page.url.endswith("#reviews_record_create")
    person.page.get_by_role("link", name="RecordBodyRequest").click()
    assert person.page.get_by_role("heading", name="RecordBodyRequest").is_visible()
    person.looks()
