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


def say(text: str, words: Mapping[str, str]) -> str:
    """The text with its places filled: `{escalations}` by the word, `{Escalations}` by the word with a capital.

    No article stands before a place of one thing, so that any word fits.
    """
    return text.format_map({**words, **{_capital(key): _capital(word) for key, word in words.items()}})


def _capital(word: str) -> str:
    """With its first letter a capital and the rest as it is: "CLA" stays "CLA"."""
    return word[:1].upper() + word[1:]
