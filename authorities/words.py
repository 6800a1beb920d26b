"""The service's standard words, and an authority's own in their place."""

from collections.abc import Mapping

# Keys an authority's policy may give its own word for, with the word used when it gives none.
STANDARD = {
    "escalation": "escalation",  # some say dispute, resolution or challenge
    "escalations": "escalations",
    "child_looked_after": "looked-after child",  # some say CLA, CYPIC or child in care
    "children_looked_after": "looked-after children",
}


def words_of(own: Mapping[str, str]) -> dict[str, str]:
    """Every word, the authority's own where it has one; keys that are not ours are left out."""
    return STANDARD | {key: own[key] for key in STANDARD if own.get(key)}
