"""Each room does its one job: what the code may not say, and where."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps as django_apps

ROOT = Path(__file__).resolve().parents[2]
APPS = sorted(folder.parent.name for folder in ROOT.glob("*/apps.py"))
DOORS = ("views", "api", "requests", "tasks", "management", "middleware", "context", "health", "templatetags")
CLOCKS = {
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("timezone", "localtime"),
    ("date", "today"),
    ("datetime", "now"),
}


def sources(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    """Parsed modules of every app; with `rooms`, only those that lie in a room of that name."""
    for app in [*APPS, "timescales", "iro_service"]:
        for path in sorted((ROOT / app).rglob("*.py")):
            parts = path.relative_to(ROOT / app).with_suffix("").parts
            if "migrations" not in parts and (not rooms or set(parts) & set(rooms)):
                yield path.relative_to(ROOT), ast.parse(path.read_text())


def imported(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
    return names


def is_clock(node: ast.AST) -> bool:
    """A call that asks what time it is. `localdate(moment)` only converts."""
    if not isinstance(node, ast.Call) or node.args:
        return False
    called = node.func
    if isinstance(called, ast.Name):
        return called.id in {"localdate", "now"}
    return isinstance(called, ast.Attribute) and (getattr(called.value, "id", ""), called.attr) in CLOCKS


def test_only_doors_ask_the_time():
    asked = [
        f"{path}:{node.lineno}"
        for path, tree in sources()
        if not set(path.with_suffix("").parts) & set(DOORS)
        for node in ast.walk(tree)
        if is_clock(node)
    ]
    assert asked == []


def test_people_and_machines_ask_the_time_of_their_viewer():
    """One moment a request: `accounts.requests.viewer_in` has it. A token's is asked before anybody is known."""
    asked = {
        str(path)
        for path, tree in sources("views", "api", "forms", "templatetags", "context")
        for node in ast.walk(tree)
        if is_clock(node)
    }
    assert asked == set()


def about_a_child() -> set[str]:
    """Names of the models whose rows only some may see."""
    return {model.__name__ for model in django_apps.get_models() if hasattr(model._default_manager, "visible_to")}


def reads(tree: ast.Module, models: set[str]) -> Iterator[tuple[ast.Attribute, str]]:
    """Each `Model.objects` of these models, with the name of what is asked of it first.

    But for what is fetched beside rows begun rightly: `rows.with_decisions(Decision.objects.all())`.
    """
    asked = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    beside = {id(part) for given in fetched_beside(tree) for part in ast.walk(given)}
    for node in (found for found in ast.walk(tree) if isinstance(found, ast.Attribute) and found.attr == "objects"):
        if getattr(node.value, "id", "") in models and id(node) not in beside:
            yield node, asked.get(id(node), "")


def fetched_beside(tree: ast.Module) -> Iterator[ast.expr]:
    """What is handed to a queryset's `with_…`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "").startswith("with_"):
            yield from node.args


def test_doors_start_reads_at_what_the_viewer_may_see():
    guarded = about_a_child()
    assert guarded >= {"Child", "Review", "Escalation", "Duty", "Alert"}
    begun_elsewhere = [
        f"{path}:{node.lineno}: {ast.unparse(node)}.{first}"
        for path, tree in sources("views", "api")
        for node, first in reads(tree, guarded)
        if first != "visible_to"
    ]
    assert begun_elsewhere == []


def test_reads_do_not_know_the_models_made_of_them():
    knowing = [
        f"{path}:{node.lineno}"
        for path, tree in sources("querysets")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and ((node.module == "models" and node.level == 1) or node.module == f"{path.parts[0]}.models")
    ]
    assert knowing == []


def test_only_access_imports_guardian():
    importers = {
        str(path) for path, tree in sources() if any(name.split(".")[0] == "guardian" for name in imported(tree))
    }
    assert importers == {"accounts/access.py"}


def test_the_law_and_the_rules_know_no_django():
    knowing = [
        f"{path}: {name}"
        for path, tree in sources()
        if path.parts[0] == "timescales" or path.name.endswith("rules.py")
        for name in imported(tree)
        if name.split(".")[0] in {"django", "rest_framework", "celery"}
    ]
    assert knowing == []


@pytest.mark.parametrize(
    "forbidden", ["django.dispatch", "django.db.models.signals", "django.contrib.contenttypes.fields"]
)
def test_no_signals_and_no_generic_keys(forbidden):
    assert [str(path) for path, tree in sources() if forbidden in imported(tree)] == []


def test_no_model_overrides_save():
    overriding = [
        f"{path}:{node.lineno}"
        for path, tree in sources("models")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}
    ]
    assert overriding == []


def offered_services() -> Iterator[tuple[Path, ast.FunctionDef]]:
    """What a services room offers: all public functions of a module, or those a package brings up."""
    for path, tree in sources("services"):
        brought = imported_names(ROOT / path.parent / "__init__.py") if path.name != "services.py" else None
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and (
                node.name in brought if brought is not None else not node.name.startswith("_")
            ):
                yield path, node


def imported_names(path: Path) -> set[str]:
    nodes = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in nodes for alias in node.names}


def test_services_take_keywords_only():
    offered = list(offered_services())
    assert len(offered) > 25
    positional = [f"{path}:{node.lineno} {node.name}" for path, node in offered if writes(node) and node.args.args]
    assert positional == []


def writes(node: ast.FunctionDef) -> bool:
    """A function that is told who acts or when."""
    return bool({"by", "at"} & {arg.arg for arg in [*node.args.args, *node.args.kwonlyargs]})


def test_services_know_no_requests():
    knowing = [
        f"{path}: {name}"
        for path, tree in sources("services", "rules", "models", "querysets", "permissions")
        for name in imported(tree)
        if name.startswith(("django.http", "django.shortcuts", "django.template", "django.forms", "celery"))
    ]
    assert knowing == []


def locking_functions() -> Iterator[tuple[str, ast.FunctionDef, ast.Call]]:
    """Every call of select_for_update, with the function it stands in."""
    for path, tree in sources():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for call in calls_of(function, "select_for_update"):
                    yield f"{path}:{call.lineno}", function, call


def calls_of(node: ast.AST, name: str) -> list[ast.Call]:
    return [
        inner
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr == name
    ]


def test_a_row_is_held_bare_and_what_it_names_is_read_afterwards():
    """Joined rows are not found again after a wait: docs/decisions/0009-one-order-of-locks.md."""
    locks = list(locking_functions())
    assert len(locks) > 8
    assert [where for where, function, _ in locks if calls_of(function, "select_related")] == []


def test_a_row_is_held_without_its_key():
    """So that a row that only names it, such as any act of its authority, need not wait."""
    keyed = [where for where, _, call in locking_functions() if "no_key" not in {k.arg for k in call.keywords}]
    assert keyed == []


def test_serializers_name_their_fields():
    everything = [
        f"{path}:{node.lineno}"
        for path, tree in sources("api")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value == "__all__"
    ]
    assert everything == []


def test_nothing_catches_every_error():
    catching = [
        f"{path}:{node.lineno}"
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
    ]
    assert catching == []


def test_nothing_is_called_lawful_or_unlawful():
    """A due date is what the law sets; whether somebody broke the law is not for this service to say."""
    shown = [*ROOT.glob("templates/**/*.html"), *(ROOT / path for path, _ in sources())]
    assert [str(path) for path in shown if "lawful" in path.read_text().casefold()] == []
