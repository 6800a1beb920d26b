"""The commands: what they print, and their exit status."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pghistory.models import Events

from authorities.models import Authority, Policy
from children.history import Reader, acts
from children.models import Child

from .conftest import episode, header, review


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def refused(*arguments: str) -> tuple[str, str]:
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command(*arguments, stdout=out)
    assert error.value.returncode == 2
    return str(error.value), out.getvalue()


def load(folder, *more: str) -> tuple[str, ...]:
    return "import_ssda903", str(folder.path), "--authority", "E06999003", "--year", "2018", *more


@pytest.mark.django_db
def test_add_authority_gives_default_settings_and_authorities_lists_it():
    assert run("add_authority", "E06999009", "Sandwick Council") == "Added E06999009, Sandwick Council.\n"
    assert json.loads(run("authorities", "--format", "json")) == {
        "authorities": [{"code": "E06999009", "name": "Sandwick Council"}]
    }
    assert "Sandwick Council" in run("authorities")
    assert Policy.objects.get().booking_buffer_days == 3


@pytest.mark.django_db
def test_no_authorities_says_how_to_add_one():
    assert "add_authority" in run("authorities")
    assert json.loads(run("authorities", "--format", "json")) == {"authorities": []}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "code, name",
    [("E06999009", "Again"), ("", "No code"), ("E 1", "Space"), ("X1", ""), ("X2", "n" * 121), ("X3", "\0")],
)
def test_an_authority_that_cannot_be_added_is_refused(code, name):
    run("add_authority", "E06999009", "Sandwick Council")
    refused("add_authority", code, name)
    assert Authority.objects.count() == 1


def test_the_report_is_json_of_one_shape(council, folder):
    folder.write("Header", header()).write("Episodes", episode()).write("Reviews", review("05/12/17"))
    report = json.loads(run(*load(folder, "--format", "json")))
    assert list(report) == ["files", "rejected", "blanked"]
    assert report["files"][0] == {
        "file": "episodes.csv", "table": "Episodes",
        "read": 1, "created": 1, "updated": 0, "unchanged": 0, "rejected": 0,
    }  # fmt: skip
    assert report["rejected"] == [
        {
            "file": "reviews.csv", "row": 2, "column": "REVIEW", "value": "05/12/17",
            "reason": "This must be a date as dd/mm/yyyy, such as 05/12/2017 (rule 166 for reviews).",
        }
    ]  # fmt: skip


def test_the_report_in_words_names_files_and_rejected_rows(council, folder):
    folder.write("Header", header()).write("Reviews", review("05/12/17"))
    text = run(*load(folder))
    assert "header.csv" in text
    assert "reviews.csv row 2, REVIEW “05/12/17”: This must be a date" in text


def test_an_unknown_authority_is_refused_with_the_way_to_add_it(council, folder):
    message, _ = refused("import_ssda903", str(folder.path), "--authority", "E0", "--year", "2018")
    assert "manage.py add_authority E0 NAME" in message


@pytest.mark.parametrize("year", ["1992", "2999", "-1"])
def test_a_year_that_cannot_be_is_refused(council, folder, year):
    message, _ = refused("import_ssda903", str(folder.path), "--authority", "E06999003", f"--year={year}")
    assert "31 March" in message


@pytest.mark.parametrize(
    "content", [b"\n", "CHILD,DOB\n".encode("utf-16"), b"CHILD,DOB,REVIEW,REVIEW_CODE,IRO\nC1,,,,\n"]
)
def test_a_folder_with_nothing_readable_is_refused_and_still_reported(council, folder, content):
    folder.raw("reviews.csv", content)
    message, out = refused(*load(folder, "--format", "json"))
    assert "Nothing could be read" in message
    assert json.loads(out)["rejected"][0]["file"] == "reviews.csv"


def test_an_empty_or_missing_folder_is_refused(council, folder):
    assert "is empty" in refused(*load(folder))[0]
    folder.path.rmdir()
    assert "There is no folder" in refused(*load(folder))[0]


def test_one_refused_file_does_not_cost_the_others(council, folder):
    folder.write("Header", header()).raw("reviews.csv", b"\n")
    report = json.loads(run(*load(folder, "--format", "json")))
    assert [(file["file"], file["created"]) for file in report["files"]] == [("header.csv", 1), ("reviews.csv", 0)]


def test_what_an_import_changed_is_told_as_the_services_own(council, folder):
    folder.write("Header", header()).write("Episodes", episode()).write("Reviews", review("05/12/17"))
    run(*load(folder))
    contexts = [row.pgh_context for row in Events.objects.all()]
    assert {json.dumps(context) for context in contexts} == {'{"work": "import_ssda903"}'}
    found, _ = acts(child=Child.objects.get(), reader=Reader(may_read_record=True, may_see_address=True), before=None)
    assert {act.by for act in found} == {"the service"}
