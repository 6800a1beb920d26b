"""A figure as other systems read it."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers


class CountedSerializer(serializers.Serializer):
    """A row of the numerator: whom it is about, and the duty behind it where one is."""

    child = serializers.UUIDField(help_text="The uuid of the child.")
    duty = serializers.UUIDField(allow_null=True, help_text="The uuid of the duty; null where no single one is.")


class FigureSerializer(serializers.Serializer):
    """One figure of the period, for the children the caller sees or, for who reads only numbers, the authority."""

    id = serializers.CharField(help_text="Its code, such as C3, and of a part C3a, F2-RED or C6-1-TO-2.")
    title = serializers.CharField()
    value = serializers.FloatField(
        allow_null=True, help_text="A share in per cent to one decimal, or a count; null where the denominator is 0."
    )
    numerator = serializers.IntegerField()
    denominator = serializers.FloatField(allow_null=True, help_text="Null where the figure is a count of its own.")
    definition = serializers.CharField()
    rows = CountedSerializer(
        many=True, allow_null=True, help_text="What the numerator counts; null for who reads numbers without lists."
    )


@extend_schema_serializer(many=False)  # one answer, though it is got from a list
class FiguresSerializer(serializers.Serializer):
    """Every figure of the period."""

    figures = FigureSerializer(many=True)
