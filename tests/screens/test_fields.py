"""What people type into the fields, and what they are told."""

from datetime import date
from typing import Any, cast

import pytest
from django import forms

from screens.fields import ChoiceField, DateField, MultipleChoiceField, TextField
from screens.renderer import DesignSystemField


class ReviewForm(forms.Form):
    held_on = DateField(called="the date of the review", required=False)
    reason = TextField(max_length=10, called="the reason", lines=3, required=False)


def held_on(form: ReviewForm) -> DesignSystemField:
    return cast(DesignSystemField, form["held_on"])


def typed(day: str, month: str, year: str) -> ReviewForm:
    return ReviewForm({"held_on_day": day, "held_on_month": month, "held_on_year": year})


@pytest.mark.parametrize(
    "day, month, year, expected",
    [
        ("4", "12", "2026", date(2026, 12, 4)),
        ("04", "09", "2026", date(2026, 9, 4)),
        (" 4 ", " december ", " 2026 ", date(2026, 12, 4)),
        ("4", "Dec", "2026", date(2026, 12, 4)),
        ("4", "Sept.", "2026", date(2026, 9, 4)),
        ("1", "may", "2026", date(2026, 5, 1)),
        ("29", "feb", "2028", date(2028, 2, 29)),
        ("", "", "", None),
    ],
)
def test_a_day_is_read_however_it_is_typed(day: str, month: str, year: str, expected: date | None) -> None:
    form = typed(day, month, year)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["held_on"] == expected


@pytest.mark.parametrize(
    "day, month, year, words, wrong",
    [
        ("4", "12", "", "The date of the review must include a year", {"year"}),
        ("", "", "2026", "The date of the review must include a day and a month", {"day", "month"}),
        ("29", "2", "2026", "The date of the review must be a real date", {"day", "month", "year"}),
        ("31", "11", "2026", "The date of the review must be a real date", {"day", "month", "year"}),
        ("4", "13", "2026", "The date of the review must have a month from 1 to 12, or its name", {"month"}),
        ("4", "ma", "2026", "The date of the review must have a month from 1 to 12, or its name", {"month"}),
        ("4", "Smarch", "2026", "The date of the review must have a month from 1 to 12, or its name", {"month"}),
        ("4", "12", "26", "The date of the review must have a year of 4 numbers, such as 2026", {"year"}),
        ("4", "12", "99999999999", "The date of the review must have a year of 4 numbers, such as 2026", {"year"}),
        ("4", "12", "0000", "The date of the review must be a real date", {"day", "month", "year"}),
        ("four", "12", "2026", "The date of the review must have a day from 1 to 31", {"day"}),
        ("٤", "12", "2026", "The date of the review must have a day from 1 to 31", {"day"}),
        ("4\x00", "12", "2026", "The date of the review must have a day from 1 to 31", {"day"}),
    ],
)
def test_an_impossible_day_says_which_box(day: str, month: str, year: str, words: str, wrong: set[str]) -> None:
    form = typed(day, month, year)
    assert form.errors["held_on"] == [words]
    assert held_on(form).wrong_parts == wrong


def test_what_was_typed_stays_in_the_boxes() -> None:
    html = typed("31", "feb", "<2026")["held_on"].as_field_group()
    assert 'value="31"' in html
    assert 'value="feb"' in html
    assert 'value="&lt;2026"' in html


def test_the_summary_links_to_the_first_wrong_box() -> None:
    assert held_on(typed("4", "", "")).error_target == "id_held_on-month"


def test_a_day_already_known_fills_the_boxes() -> None:
    html = ReviewForm(initial={"held_on": date(2026, 12, 4)})["held_on"].as_field_group()
    assert [f'value="{part}"' in html for part in ("4", "12", "2026")] == [True, True, True]


def test_a_needed_day_is_asked_for_by_name() -> None:
    field = DateField(called="the date of the review")
    with pytest.raises(forms.ValidationError, match="Enter the date of the review"):
        field.clean(("", "", ""))


@pytest.mark.parametrize(
    "day, month, year, changed",
    [("4", "12", "2026", False), ("04", "Dec", "2026", False), ("5", "12", "2026", True), ("4", "", "2026", True)],
)
def test_change_is_a_different_day_not_a_different_spelling(day: str, month: str, year: str, changed: bool) -> None:
    assert DateField().has_changed(date(2026, 12, 4), (day, month, year)) is changed


def test_two_forms_keep_their_days_apart() -> None:
    data = {"b-held_on_day": "5", "b-held_on_month": "12", "b-held_on_year": "2026"}
    form = ReviewForm(data, prefix="b")
    assert form.is_valid()
    assert form.cleaned_data["held_on"] == date(2026, 12, 5)
    assert 'name="b-held_on_day"' in form["held_on"].as_field_group()


def test_long_text_is_refused_with_its_length_and_kept() -> None:
    form = ReviewForm({"reason": "0123456789ten"})
    assert form.errors["reason"] == ["The reason must be 10 characters or fewer; you typed 13"]
    assert "0123456789ten" in form["reason"].as_field_group()
    assert "maxlength" not in form["reason"].as_field_group()


def test_a_line_end_is_one_character() -> None:
    form = ReviewForm({"reason": "1234\r\n6789"})
    assert form.is_valid()
    assert form.cleaned_data["reason"] == "1234\n6789"
    assert ReviewForm({"reason": "1234\r\n67890"}).is_valid()


def test_a_nul_is_refused() -> None:
    words = "The reason holds a character that cannot be kept (NUL); take it out"
    assert ReviewForm({"reason": "a\x00b"}).errors["reason"] == [words]


@pytest.mark.parametrize(
    "field, value, words",
    [
        (TextField(called="the reason"), "  ", "Enter the reason"),
        (TextField(label="Where was it held?"), "", "Enter your answer"),
        (TextField(error_messages={"required": "Say why"}), "", "Say why"),
        (ChoiceField(called="a rating", choices=[("R", "Red")]), "", "Select a rating"),
        (ChoiceField(called="a rating", choices=[("R", "Red")]), "X", "Select one of the answers shown"),
        (MultipleChoiceField(choices=[("R", "Red")]), [], "Select at least one answer"),
        (MultipleChoiceField(choices=[("R", "Red")]), ["X"], "Select from the answers shown"),
    ],
)
def test_what_is_missing_is_named(field: forms.Field, value: Any, words: str) -> None:
    with pytest.raises(forms.ValidationError) as refusal:
        field.clean(value)
    assert refusal.value.messages == [words]


def test_a_hint_cannot_carry_markup() -> None:
    form = type("F", (forms.Form,), {"name": TextField(help_text="<script>")})()
    assert "&lt;script&gt;" in str(form)


def test_the_browser_leaves_checking_to_the_server() -> None:
    assert "required" not in str(type("F", (forms.Form,), {"name": TextField()})())


def test_an_error_on_a_hidden_field_has_no_link() -> None:
    from django.template import Context, Template

    hidden = type("F", (forms.Form,), {"version": forms.IntegerField(widget=forms.HiddenInput)})({})
    html = Template("{% load screens %}{% error_summary form %}").render(Context({"form": hidden}))
    assert "This field is required." in html
    assert "<a" not in html
