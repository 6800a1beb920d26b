"""Which values of a row can be held, and what is said of those that cannot."""

from datetime import date

import pytest

from returns.checking import Bad, checked

LAST, TODAY = date(2018, 3, 31), date(2026, 8, 17)
ROWS = {
    "Header": {
        "CHILD": "C1", "SEX": "2", "DOB": "09/05/2010", "ETHNIC": "wbri", "UPN": "", "MOTHER": "", "MC_DOB": "",
    },
    "UASC": {"CHILD": "C1", "SEX": "M", "DOB": "09/05/2010", "DUC": ""},
    "Episodes": {
        "CHILD": "C1", "DECOM": "05/06/2017", "RNE": "s", "LS": "c2", "CIN": "n1", "PLACE": "h5",
        "PLACE_PROVIDER": "pr1", "DEC": "", "REC": "", "REASON_PLACE_CHANGE": "", "HOME_POST": "", "PL_POST": "",
        "URN": "",
    },
    "Missing": {"CHILD": "C1", "DOB": "09/05/2010", "MISSING": "a", "MIS_START": "05/06/2017", "MIS_END": ""},
    "PlacedAdoption": {
        "CHILD": "C1", "DOB": "09/05/2010", "DATE_PLACED": "05/06/2017", "DATE_PLACED_CEASED": "",
        "REASON_PLACED_CEASED": "",
    },
    "Reviews": {"CHILD": "C1", "DOB": "09/05/2010", "REVIEW": "05/12/2017", "REVIEW_CODE": "pn1"},
}  # fmt: skip


def check(table: str, **changed: str):
    return checked(table, ROWS[table] | changed, last_on=LAST, today=TODAY)


@pytest.mark.parametrize("table", ROWS)
def test_lower_case_codes_and_blanks_that_may_be_blank_are_accepted(table):
    assert check(table)["CHILD"] == "C1"


def test_values_are_held_as_the_product_holds_them():
    values = check("Episodes")
    assert (values["DECOM"], values["RNE"], values["LS"], values["PLACE"]) == (date(2017, 6, 5), "S", "C2", "H5")


@pytest.mark.parametrize("given, held", [("1", "M"), ("2", "F"), ("m", "M"), ("F", "F"), ("U", "U")])
def test_old_and_new_sex_codes_are_read(given, held):
    assert check("Header", SEX=given)["SEX"] == held


@pytest.mark.parametrize("given, held", [("", None), ("0", False), ("1", True), ("1.0", True), ("0.0", False)])
def test_mother_is_read_as_spreadsheets_write_it(given, held):
    assert check("Header", MOTHER=given)["MOTHER"] is held


@pytest.mark.parametrize(
    "table, column, value, words",
    [
        ("Reviews", "REVIEW", "2017-12-05", "dd/mm/yyyy"),
        ("Reviews", "REVIEW", "05/12/17", "dd/mm/yyyy"),
        ("Reviews", "REVIEW", "٠٥/12/2017", "dd/mm/yyyy"),
        ("Reviews", "REVIEW", "31/02/2017", "no such day"),
        ("Reviews", "REVIEW", "05/12/0017", "between 1992 and 2049"),
        ("Reviews", "REVIEW", "01/04/2018", "after the return's last day, 31/03/2018"),
        ("Reviews", "REVIEW", "", "date is needed beside the code"),
        ("Reviews", "CHILD", "", "must be filled in"),
        ("Reviews", "CHILD", "C" * 41, "41 characters long; at most 40"),
        ("Header", "DOB", "01/04/2018", "after the return's last day"),
        ("Header", "DOB", "", "date is needed"),
        ("Episodes", "RNE", "", "code is needed"),
        ("Episodes", "DEC", "04/06/2017", "before the start, 05/06/2017"),
        ("Episodes", "DEC", "18/08/2026", "in the future"),
        ("Missing", "MIS_END", "31/02/2018", "no such day"),
        ("Missing", "MISSING", "X", "not one of the codes A, M"),
    ],
)
def test_what_cannot_be_held_is_refused_with_its_column_and_reason(table, column, value, words):
    with pytest.raises(Bad) as bad:
        check(table, **{column: value})
    assert (bad.value.column, bad.value.value) == (column, value)
    assert words in bad.value.reason


@pytest.mark.parametrize(
    "table, column, value, words, held",
    [
        ("Reviews", "REVIEW_CODE", "PN8", "not one of the codes PN0, PN1", ""),
        ("Reviews", "REVIEW_CODE", "", "rule 167", ""),
        ("Header", "SEX", "3", "M, F, U", ""),
        ("Header", "ETHNIC", "CNHE", "not one of the codes", ""),
        ("Header", "UPN", "A1234567890123", "at most 13", ""),
        ("Header", "MOTHER", "yes", "1, 0 or blank", None),
        ("Header", "MC_DOB", "31/02/2016", "no such day", None),
        ("Episodes", "CIN", "", "code is needed", ""),
        ("Episodes", "PLACE", "X9", "not one of the codes", ""),
        ("Episodes", "HOME_POST", "AB12 3CDEF", "at most 8", ""),
        ("PlacedAdoption", "REASON_PLACED_CEASED", "RD9", "RD1", ""),
    ],
)
def test_a_cell_that_decides_nothing_is_left_blank_with_its_place_and_reason(table, column, value, words, held):
    blanked: list[Bad] = []
    values = checked(table, ROWS[table] | {column: value}, last_on=LAST, today=TODAY, blanked=blanked)
    assert values[column] == held
    assert [(bad.column, bad.value) for bad in blanked] == [(column, value)]
    assert words in blanked[0].reason


def test_a_row_may_stand_for_no_review():
    assert check("Reviews", REVIEW="", REVIEW_CODE="")["REVIEW"] is None
