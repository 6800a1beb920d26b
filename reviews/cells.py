"""A rating as screens show it."""

from django.utils.safestring import SafeString

from screens.cells import status_tag

RAG_COLOURS = {"GREEN": "good", "AMBER": "warn", "RED": "bad"}


def rag_tag(rag: str) -> SafeString | str:
    """The rating as a word in its colour; nothing where none was given."""
    return status_tag(rag.title(), RAG_COLOURS[rag]) if rag in RAG_COLOURS else ""
