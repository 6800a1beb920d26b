"""Files as they come: encodings, line ends, wrong columns, broken rows."""

import os

import pytest

from returns.layouts import COLUMNS, nearest, recognise
from returns.reading import FileRefused, NothingToRead, files_in, read_file

HEADING = ",".join(COLUMNS["Reviews"])
ROW = "C1,09/05/2010,05/12/2017,PN1"


def read(folder, content: bytes, name: str = "anything.csv"):
    folder.raw(name, content)
    return read_file(folder.path / name)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_utf8_with_or_without_mark_and_any_line_end_is_read(folder, mark, end):
    file = read(folder, mark + end.join([HEADING, ROW, ""]).encode())
    assert (file.table, [row.number for row in file.rows]) == ("Reviews", [2])
    assert file.rows[0].values["REVIEW"] == "05/12/2017"


def test_columns_are_known_in_any_order_and_case_whatever_the_file_is_called(folder):
    file = read(folder, b"review_code, Review ,dob,child\nPN1,05/12/2017,09/05/2010,C1\n", "header.txt")
    assert file.table == "Reviews"
    assert file.rows[0].values["CHILD"] == "C1"


def test_rows_are_numbered_as_a_spreadsheet_shows_them(folder):
    file = read(folder, f"{HEADING}\n{ROW}\n\n,,,\n{ROW}\n".encode())
    assert [row.number for row in file.rows] == [2, 5]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_is_refused_in_plain_words(folder, encoding):
    with pytest.raises(FileRefused, match="UTF-16. Save it again as CSV UTF-8"):
        read(folder, f"{HEADING}\n{ROW}\n".encode(encoding))


@pytest.mark.parametrize("content", [b"", b"\n", b"\r\n\r\n", b"  \n"])
def test_an_empty_file_is_refused(folder, content):
    with pytest.raises(FileRefused, match="it is empty"):
        read(folder, content)


@pytest.mark.parametrize(
    "heading, column, words",
    [
        (f"{HEADING},IRO", "IRO", "has IRO too many"),
        ("CHILD,DOB,REVIEW", "REVIEW_CODE", "lacks REVIEW_CODE"),
        (f"{HEADING},", "", "a column without a name too many"),
        (f"{HEADING},DOB", "DOB", "has DOB too many"),
        ("CHILD,GENDER,DOB,ETHNIC,UPN,MOTHER,MC_DOB", "GENDER", "lacks SEX and has GENDER too many"),
    ],
)
def test_a_wrong_set_of_columns_names_what_is_wrong(folder, heading, column, words):
    with pytest.raises(FileRefused, match=words) as refused:
        read(folder, f"{heading}\n".encode())
    assert (refused.value.problem.row, refused.value.problem.column) == (1, column)


def test_a_file_of_something_else_is_no_table_of_the_return(folder):
    with pytest.raises(FileRefused, match="no table of the SSDA903 return"):
        read(folder, b"Permission is hereby granted\nto anyone\n")


@pytest.mark.parametrize(
    "row, words",
    [
        (b"C1,09/05/2010,05/12/2017", "3 cells; the table has 4 columns"),
        (b"C1,09/05/2010,05/12/2017,PN1,", "5 cells"),
        (b"C\x001,09/05/2010,05/12/2017,PN1", "NUL"),
        (b"C\xff1,09/05/2010,05/12/2017,PN1", "not UTF-8"),
        (b'"C1,09/05/2010,05/12/2017,PN1', "quotation mark"),
    ],
)
def test_a_broken_row_costs_no_other_row(folder, row, words):
    file = read(folder, b"\n".join([HEADING.encode(), ROW.encode(), row, ROW.encode(), b""]))
    assert [row.number for row in file.rows] == [2, 4]
    assert [problem.row for problem in file.problems] == [3]
    assert words in file.problems[0].reason


def test_quoted_cells_are_read(folder):
    assert read(folder, f'{HEADING}\n"C,1",09/05/2010,"05/12/2017",PN1\n'.encode()).rows[0].values["CHILD"] == "C,1"


def test_folders_that_cannot_be_read_say_why(folder):
    with pytest.raises(NothingToRead, match="is empty"):
        files_in(folder.path)
    with pytest.raises(NothingToRead, match="There is no folder"):
        files_in(folder.path / "elsewhere")
    folder.raw("a.csv", b"x")
    with pytest.raises(NothingToRead, match="is not a folder"):
        files_in(folder.path / "a.csv")
    with pytest.raises(NothingToRead, match="cannot be read"):
        files_in(folder.path / "nul\0")


def test_a_file_that_is_a_pipe_or_hidden_is_left_alone(folder):
    os.mkfifo(folder.path / "pipe.csv")
    folder.raw(".hidden.csv", b"x").raw("a.csv", b"x")
    assert [path.name for path in files_in(folder.path)] == ["a.csv"]


def test_every_table_is_told_from_every_other():
    assert [recognise(columns) for columns in COLUMNS.values()] == list(COLUMNS)
    assert recognise(["CHILD", "DOB", "REVIEW", "REVIEW"]) is None
    assert nearest(["CHILD", "DOB", "REVIEW", "REVIEW"]).missing == ("REVIEW_CODE",)


@pytest.mark.parametrize("leads_to", ["elsewhere.csv", "inside.csv", "folder", "nowhere"])
def test_a_link_is_refused_wherever_it_leads_and_nothing_of_it_is_told(folder, tmp_path_factory, leads_to):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "elsewhere.csv").write_text(f"{HEADING}\nSecret,09/05/2010,05/12/2017,PN1\n")
    (outside / "folder").mkdir()
    folder.write("Reviews", ROW, name="inside.csv")
    target = folder.path if leads_to == "inside.csv" else outside
    (folder.path / "link.csv").symlink_to(target / leads_to)
    assert [path.name for path in files_in(folder.path)] == ["inside.csv", "link.csv"]
    with pytest.raises(FileRefused) as refused:
        read_file(folder.path / "link.csv")
    assert refused.value.problem.reason.startswith("The file is a link to another place.")
    assert "Secret" not in str(refused.value.problem)
