"""What must hold of the whole code and database, so that access has one door and every change its trace."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import DatabaseError, transaction
from guardian.models import GroupObjectPermission, UserObjectPermission

from accounts.models import User
from audit.models import AccessEvent, BusinessEvent
from authorities.models import Authority
from children.models import Child
from children.querysets import VisibleQuerySet
from tests.conftest import NOW

OURS = ("accounts", "alerts", "audit", "authorities", "children", "dashboards", "escalations", "reviews", "returns")
# Tables about a child whose rows need no history, with the reason.
NO_HISTORY = {
    "children.ChildUserObjectPermission": "derived from allocations, which have history",
    "children.ChildGroupObjectPermission": "derived from teams and posts, which have history",
    "reviews.ReviewDraft": "working text, replaced by the record",
}


def test_no_permission_is_ever_granted_on_a_whole_table(place, make_child):
    make_child()
    assert not User.user_permissions.through.objects.exists()
    assert not Group.permissions.through.objects.exists()
    assert not User.objects.filter(is_superuser=True).exists()


def test_guardian_s_generic_tables_stay_empty(place, make_child):
    make_child()
    assert not UserObjectPermission.objects.exists()
    assert not GroupObjectPermission.objects.exists()


def test_object_permissions_exist_on_child_alone(db):
    direct = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in OURS and model.__name__.endswith("ObjectPermission")
    }
    assert direct == {"children.ChildUserObjectPermission", "children.ChildGroupObjectPermission"}
    granted = Permission.objects.filter(childuserobjectpermission__isnull=False)
    assert set(granted.values_list("content_type__model", flat=True)) <= {"child"}


def about_a_child():
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in OURS
        and not hasattr(model, "pgh_tracked_model")
        and (
            model is Child
            or any(f.is_relation and f.related_model is Child and f.concrete for f in model._meta.fields)
        )
    ]


@pytest.mark.parametrize("model", about_a_child(), ids=lambda model: model._meta.label)
def test_every_table_about_a_child_keeps_history(model):
    if model._meta.label in NO_HISTORY:
        assert not hasattr(model, "pgh_event_model")
    else:
        assert model.pgh_event_model.pgh_tracked_model is model


def test_no_exemption_outlives_its_table():
    assert set(NO_HISTORY) <= {model._meta.label for model in apps.get_models()}


@pytest.mark.parametrize("change", ["update", "delete"])
@pytest.mark.parametrize("model", [AccessEvent, BusinessEvent])
def test_the_audit_trail_is_neither_changed_nor_removed(db, model, change):
    told = {"at": NOW, "authority_id": 1, "actor_id": 1}
    if model is AccessEvent:
        row = model.objects.create(child_ids=[1], action="VIEW", what="children:people", **told)
    else:
        row = model.objects.create(verb="review.recorded", subject="reviews.Review", **told)
    rows = model.objects.filter(pk=row.pk)
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        rows.update(at=NOW) if change == "update" else rows.delete()
    assert rows.exists()


@pytest.mark.parametrize("model", about_a_child(), ids=lambda model: model._meta.label)
def test_what_is_narrowed_to_a_person_bears_its_authority(model):
    if isinstance(model._default_manager.all(), VisibleQuerySet):
        assert model._meta.get_field("authority").related_model is Authority
