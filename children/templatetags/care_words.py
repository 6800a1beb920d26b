"""`{{ code|words:"legal_status" }}`: an SSDA903 code in words."""

from django import template

from children.words import meaning

register = template.Library()


@register.filter
def words(code: str, field: str) -> str:
    """The meaning of the code of this field; the code where its meaning is not known."""
    return meaning(field, code)
