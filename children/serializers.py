"""A child as machines are told of one; never where the child lives."""

from typing import Any

from rest_framework import serializers

from .models import Allocation, Child


class ChildNameSerializer(serializers.Serializer):
    """Which child something is about."""

    uuid = serializers.UUIDField()
    reference = serializers.CharField(help_text="The authority's own identifier, as returned in SSDA903.")
    given_name = serializers.CharField(help_text="Empty where only a return is held.")
    family_name = serializers.CharField()


class WorkerSerializer(serializers.Serializer):
    """Who works with a child, and since when."""

    uuid = serializers.UUIDField(source="user.uuid")
    name = serializers.CharField(source="user.__str__")
    starts_on = serializers.DateField()


class TeamSerializer(serializers.Serializer):
    """The team responsible for a child, and since when."""

    name = serializers.CharField(source="team.name")
    service = serializers.CharField(source="team.service.name", default="")
    starts_on = serializers.DateField()


class CarePeriodSerializer(serializers.Serializer):
    """One unbroken time looked after."""

    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)


class ChildSerializer(ChildNameSerializer):
    """A child with who works with them now and when they were looked after."""

    date_of_birth = serializers.DateField()
    sex = serializers.ChoiceField(Child.Sex.choices)
    iro = WorkerSerializer(allow_null=True)
    social_worker = WorkerSerializer(allow_null=True)
    team = TeamSerializer(allow_null=True)
    care_periods = CarePeriodSerializer(many=True, help_text="The latest first.")

    def to_representation(self, instance: Any) -> Any:
        """The child, from the people `ChildQuerySet.with_people` has fetched."""
        people = {held.kind: held for held in instance.live_allocations}
        return super().to_representation(
            {
                **{name: getattr(instance, name) for name in FIELDS},
                "iro": people.get(Allocation.Kind.IRO),
                "social_worker": people.get(Allocation.Kind.SOCIAL_WORKER),
                "team": next(iter(instance.live_teams), None),
                "care_periods": list(instance.care_periods.all()),
            }
        )


FIELDS = ("uuid", "reference", "given_name", "family_name", "date_of_birth", "sex")
