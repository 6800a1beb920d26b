"""Codes of SSDA903 in the words people read."""

from . import codes

_TABLES = {
    "legal_status": codes.LEGAL_STATUSES,
    "category_of_need": codes.CATEGORIES_OF_NEED,
    "placement_type": codes.PLACEMENTS,
    "placement_provider": codes.PROVIDERS,
    "reason_started": codes.EPISODE_STARTS,
    "reason_ended": codes.EPISODE_ENDS,
    "reason_place_changed": codes.PLACE_CHANGES,
    "ethnicity": codes.ETHNICITIES,
}
WORDS = {field: dict(table) for field, table in _TABLES.items()}


def in_words(field: str, code: str) -> str:
    """The code of this field with its meaning, "C2, full care order"; the bare code where it is not known."""
    words = WORDS.get(field, {}).get(code)
    return f"{code}, {words}" if words else code


def meaning(field: str, code: str) -> str:
    """The meaning alone, begun with a capital; the bare code where it is not known."""
    words = WORDS.get(field, {}).get(code)
    return words[:1].upper() + words[1:] if words else code
