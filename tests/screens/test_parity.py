"""What we draw is what the design system's own examples show, read from the package that is installed."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string

from screens.components import Link, Step, SummaryRow
from screens.fields import ChoiceField, DateField, MultipleChoiceField, TextField
from screens.paging import page_links
from tests.screens.markup import tree

COMPONENTS = Path(__file__).parents[2] / "node_modules/govuk-frontend/dist/govuk/components"
# What we add on purpose: dense labels and choices.
OURS = re.compile(r"govuk-label--s|govuk-fieldset__legend--s|govuk-radios--small|govuk-checkboxes--small")


@cache
def examples(component: str) -> dict[str, str]:
    fixtures = json.loads((COMPONENTS / component / "fixtures.json").read_text())["fixtures"]
    return {example["name"]: example["html"] for example in fixtures}


def drawn(source: str, **context: Any) -> str:
    return Template("{% load screens %}" + source).render(Context(context))


def same(ours: str, theirs: str) -> None:
    assert tree(OURS.sub("", ours)) == tree(theirs)


def form_of(**fields: forms.Field) -> type[forms.Form]:
    return type("ExampleForm", (forms.Form,), fields)


def refused(form: forms.Form, name: str, words: str) -> forms.Form:
    form.full_clean()
    form.errors.clear()
    form.add_error(name, words)
    return form


def test_text_with_hint_and_error() -> None:
    theirs = examples("input")["with error and hint"]
    hint = "It’s on your National Insurance card, benefit letter, payslip or P60. For example, ‘QQ 12 34 56 C’."
    field = TextField(label="National insurance number", help_text=hint, required=False)
    form = form_of(**{"with-error-hint": field})({}, auto_id="%s")
    refused(form, "with-error-hint", "Enter a National Insurance number in the correct format")
    same(form["with-error-hint"].as_field_group(), theirs)


def test_text_area_with_hint() -> None:
    theirs = examples("textarea")["with hint"]
    hint = (
        "Don't include personal or financial information, eg your National Insurance number or credit card details."
    )
    field = TextField(lines=5, label="Can you provide more detail?", help_text=hint)
    form = form_of(**{"more-detail": field})(auto_id="%s")
    same(form["more-detail"].as_field_group().replace(' cols="40"', ""), theirs)


def test_counted_text_area_with_hint_and_error() -> None:
    theirs = examples("character-count")["with hint and error"]
    hint = (
        "Don't include personal or financial information, eg your National Insurance number or credit card details."
    )
    field = TextField(lines=5, max_length=10, count=True, label="Can you provide more detail?", help_text=hint)
    form = refused(form_of(**{"with-error": field})({}, auto_id="%s"), "with-error", "Please provide more detail")
    same(form["with-error"].as_field_group().replace(' cols="40"', ""), theirs)


def test_select() -> None:
    theirs = examples("select")["default"].replace(" disabled", "")
    choices = [(str(number), f"GOV.UK frontend option {number}") for number in (1, 2, 3)]
    form = form_of(**{"select-1": ChoiceField(label="Label text goes here", choices=choices)})(
        auto_id="%s", initial={"select-1": "2"}
    )
    same(form["select-1"].as_field_group(), theirs)


def test_inline_radios_with_hint() -> None:
    theirs = examples("radios")["inline"]
    field = ChoiceField(
        label="Have you changed your name?",
        help_text="This includes changing your last name or spelling your name differently.",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect(attrs={"data-inline": "true"}),
    )
    form = form_of(example=field)(auto_id="%s", initial={"example": "no"})
    ours = form["example"].as_field_group().replace(' data-inline="true"', "")
    same(ours.replace("example_0", "example").replace("example_1", "example-2"), theirs)


def test_checkboxes() -> None:
    theirs = examples("checkboxes")["default"]
    choices = [("british", "British"), ("irish", "Irish"), ("other", "Citizen of another country")]
    field = MultipleChoiceField(
        label="What is your nationality?", choices=choices, widget=forms.CheckboxSelectMultiple
    )
    ours = str(form_of(nationality=field)(auto_id="%s")["nationality"].as_field_group())
    for number in (1, 2):
        ours = ours.replace(f"nationality_{number}", f"nationality-{number + 1}")
    same(ours.replace("nationality_0", "nationality"), theirs)


def test_date_with_hint_and_error() -> None:
    theirs = examples("date-input")["with error message and hint"]
    field = DateField(label="What is your date of birth?", help_text="For example, 31 3 1980", required=False)
    form = form_of(**{"dob-errors": field})({}, auto_id="%s")
    refused(form, "dob-errors", "Error message goes here")
    ours = form["dob-errors"].as_field_group().replace('name="dob-errors_', 'name="')
    # ours takes a month by name, so its box is wider and asks for no keypad of digits
    month = 'id="dob-errors-month" name="month" type="text"'
    theirs = theirs.replace(f'width-2" {month} inputmode="numeric"', f'width-4" {month}')
    same(ours, theirs)


def test_error_summary() -> None:
    theirs = examples("error-summary")["default"]
    form = form_of(**{"example-error-1": TextField(), "example-error-2": TextField()})({}, auto_id="%s")
    form.full_clean()
    form.errors.clear()
    form.add_error("example-error-1", "The date your passport was issued must be in the past")
    form.add_error("example-error-2", "Enter a postcode, like AA1 1AA")
    same(drawn("{% error_summary form %}", form=form), theirs)


def test_breadcrumbs() -> None:
    theirs = examples("breadcrumbs")["default"]
    links = [
        Link("Home", "/"),
        Link("Section", "/section"),
        Link("Sub-section", "/section/sub-section"),
        Link("Sub Sub-section", "/section/sub-section/sub-sub-section"),
    ]
    same(drawn("{% breadcrumbs links %}", links=links), theirs)


@pytest.mark.parametrize(
    "component, source",
    [
        ("back-link", '{% back_link "#" %}'),
        (
            "warning-text",
            '{% warning "You can be fined up to £5,000 if you don’t register." %}',
        ),
        (
            "inset-text",
            '{% inset "It can take up to 8 weeks to register a lasting power of attorney if there are no'
            ' mistakes in the application." %}',
        ),
        (
            "details",
            '{% details "Help with nationality" %}We need to know your nationality so we can work out which'
            " elections you’re entitled to vote in. If you can’t provide your nationality, you’ll have to send"
            " copies of identity documents through the post.{% enddetails %}",
        ),
    ],
)
def test_small_parts(component: str, source: str) -> None:
    same(drawn(source), examples(component)["default"])


def test_tag_is_a_word_in_a_colour() -> None:
    same(drawn('{% tag "Alpha" "neutral" %}'), '<strong class="govuk-tag govuk-tag--grey">Alpha</strong>')
    assert "grey" in examples("tag")


def test_numbered_pages() -> None:
    page = Paginator(range(30), 10).page(2)
    ours = render_to_string(
        "screens/pagination.html", {**page_links(QueryDict(), page), "count": 0, "label": "Pagination"}
    )
    theirs = examples("pagination")["default"]
    for theirs_url, ours_url in (("/previous", "?page=1"), ("/next", "?page=3")):
        theirs = theirs.replace(f'"{theirs_url}"', f'"{ours_url}"')
    same(ours, re.sub(r'"/page/(\d)"', r'"?page=\1"', theirs))


def test_summary_list_with_actions() -> None:
    rows = [
        SummaryRow(
            "Name", "Firstname Lastname", [Link("Edit", "#", hidden="name"), Link("Delete", "#", hidden="name")]
        )
    ]
    theirs = examples("summary-list")["with actions"]
    first_row = tree(theirs)[0][2][0]
    assert tree(drawn("{% summary_list rows %}", rows=rows))[0][2] == [first_row]


def test_task_list() -> None:
    steps = [
        Step("Company Directors", "Completed", "#"),
        Step("Registered company details", "Incomplete", "#", "info"),
        Step("Business plan", "Incomplete", "#", "info"),
    ]
    same(drawn('{% task_list steps "task-list" %}', steps=steps), examples("task-list")["default"])


def test_service_navigation() -> None:
    theirs = examples("service-navigation")["with navigation with a current item"]
    entries = [(f"Navigation item {number}", f"#/{number}", number == 2, None) for number in (1, 2, 3, 4)]
    same(render_to_string("screens/service_navigation.html", {"navigation": entries}), theirs)
