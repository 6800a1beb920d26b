"""HTML read into plain values, so that two ways of writing the same markup compare equal."""

from html.parser import HTMLParser
from typing import Any

VOID = {"input", "br", "meta", "link", "path"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: list[Any] = []
        self.open: list[list[Any]] = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        children: list[Any] = []
        self.open[-1].append((tag, _attributes(attrs), children))
        if tag not in VOID:
            self.open.append(children)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].append((tag, _attributes(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words:
            self.open[-1].append(words)


def _attributes(attrs: list[tuple[str, str | None]]) -> dict[str, str]:
    return {name: " ".join(sorted((value or "").split())) for name, value in attrs}


def tree(html: str) -> list[Any]:
    """Tags with their attributes and children, in order; blanks and the order of words in attributes do not count."""
    reader = _Reader()
    reader.feed(html)
    return reader.root
