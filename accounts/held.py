"""What of a form may be kept when its sender turns out to be signed out."""

from django.http import HttpRequest

from screens.fields import is_typed

HELD_POST = "held_post"  # the hidden field that says which held form is being sent again
NEVER_KEPT = ("csrfmiddlewaretoken", HELD_POST)
# Buttons and hidden fields that say which page this was are sent again with a held form, but typed by nobody.
# What a decision was seen to be is named after it: `seen_5d41…`.
MOST_KEPT = 500_000  # characters; a longer form is shown back at once instead

Fields = list[tuple[str, list[str]]]


def typed_fields(request: HttpRequest) -> Fields:
    """The fields of a posted form, in order; [] for no form, an empty one, or one that holds a password."""
    if request.method != "POST":
        return []
    if any("password" in name for name in request.POST):
        return []
    fields = [(name, values) for name, values in request.POST.lists() if name not in NEVER_KEPT]
    return fields if any(text for _, values in fields for text in values) else []


def as_typed(fields: Fields) -> list[tuple[str, str]]:
    """Each text somebody typed or chose, with the name of its field as words."""
    typed = written_by_hand(fields)
    return [(name.replace("_", " ").capitalize(), text) for name, texts in typed for text in texts if text]


def written_by_hand(fields: Fields) -> Fields:
    """Without the fields that no person fills in."""
    return [(name, texts) for name, texts in fields if is_typed(name)]


def is_too_long(fields: Fields) -> bool:
    """Whether the form is too long to keep."""
    return sum(len(text) for _, values in fields for text in values) > MOST_KEPT
