"""What the database itself must hold true, looked for on every model we own."""

import itertools
from typing import Any, cast

from django.apps import apps
from django.db import models
from django.db.models import CheckConstraint, Q

from children.models import Child

OURS = [
    model
    for model in apps.get_models()
    if model.__module__.split(".")[0]
    in {"authorities", "accounts", "audit", "children", "duties", "reviews", "escalations", "alerts"}
    and not model.__name__.endswith("Event")
]


def fields_named(condition: Q) -> set[str]:
    names: set[str] = set()
    for child in condition.children:
        names |= fields_named(child) if isinstance(child, Q) else {cast(tuple[str, Any], child)[0].split("__")[0]}
    return names


def nullable_pairs() -> list[tuple[type[models.Model], str, str]]:
    """Every `…_at` or `…_on` with a `…_by` partner where one of the two may be empty."""
    found = []
    for model, ending in itertools.product(OURS, ("_at", "_on")):
        fields = {field.name: field for field in model._meta.fields}
        for name, field in fields.items():
            partner = name.removesuffix(ending) + "_by"
            if name.endswith(ending) and partner in fields and (field.null or fields[partner].null):
                found.append((model, name, partner))
    return found


def test_there_are_pairs_to_look_at():
    assert len(nullable_pairs()) >= 4


def test_every_moment_is_tied_to_its_person():
    loose = [
        f"{model.__name__}.{at} and {by}"
        for model, at, by in nullable_pairs()
        if not any(
            {at, by} <= fields_named(constraint.condition)
            for constraint in model._meta.constraints
            if isinstance(constraint, CheckConstraint)
        )
    ]
    assert loose == []


def test_nothing_about_a_child_cascades():
    about_a_child = [m for m in OURS if any(f.related_model is Child for f in m._meta.fields)]
    assert len(about_a_child) > 8
    cascading = [
        f"{model.__name__}.{field.name}"
        for model in about_a_child
        for field in model._meta.fields
        if isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete is models.CASCADE
        # guardian's own columns: its rows are derived, and made again from the facts
        and not model.__name__.endswith("ObjectPermission")
    ]
    assert cascading == []


def test_what_is_about_a_child_carries_its_authority():
    without = [
        model.__name__
        for model in OURS
        if any(f.related_model is Child for f in model._meta.fields)
        and not model.__name__.endswith("ObjectPermission")
        and "authority" not in {f.name for f in model._meta.fields}
    ]
    assert without == []
