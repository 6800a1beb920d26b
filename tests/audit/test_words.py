"""Every page whose reading is logged has a name in words."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from audit.words import PAGES, page_words
from tests.architecture.test_rooms import sources


def places_of_what() -> dict[str, set[int]]:
    """Functions that are told the name of the page by position: their names, and which places it may have."""
    places: dict[str, set[int]] = defaultdict(set)
    for _, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [argument.arg for argument in node.args.args if argument.arg != "self"]
                if "what" in names:
                    places[node.name].add(names.index("what"))
    return places


def told(call: ast.Call, places: dict[str, set[int]]) -> list[ast.expr]:
    """What a call says in the place of the page's name."""
    called = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    by_position = [given for place, given in enumerate(call.args) if place in places.get(called, ())]
    return [*by_position, *(given.value for given in call.keywords if given.arg == "what")]


def pages_logged() -> Iterator[str]:
    places = places_of_what()
    for _, tree in sources():
        for node in ast.walk(tree):
            for value in told(node, places) if isinstance(node, ast.Call) else ():
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and ":" in value.value:
                    yield value.value


def test_every_page_that_logs_a_reading_has_its_words():
    logged = set(pages_logged())
    assert logged == set(PAGES)


def test_a_name_without_words_is_told_without_its_marks():
    assert page_words("dashboards:some_page") == "dashboards, some page"
