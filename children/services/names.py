"""A child's names as they sort and are searched."""

import unicodedata


def folded(*parts: str) -> str:
    """Names as they sort and are searched: no accents, no capitals, family name first."""
    text = " ".join(part for part in parts if part)
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
