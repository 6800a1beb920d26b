"""What a log line may hold: where it went wrong and in whose request, never what somebody wrote.

The message of an error can quote a row or a typed value, and a query string a search; neither is written.
"""

import sys
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any

INNERMOST = 12  # frames of an error told
Line = MutableMapping[str, Any]


def without_words(logger: object, method: str, line: Line) -> Line:
    """A structlog processor: errors become their class and their place in the code."""
    info = line.pop("exc_info", None)
    error = info if isinstance(info, BaseException) else _current(info)
    if error:
        line["errors"] = [_told(part) for part in _chain(error)]
    for key, value in line.items():
        if isinstance(value, BaseException):
            line[key] = type(value).__qualname__
    if isinstance(error, BaseException) and isinstance(line.get("error"), str):
        line["error"] = type(error).__qualname__
    return line


def without_query(logger: object, method: str, line: Line) -> Line:
    """A structlog processor: the address of a request without its query string."""
    if isinstance(line.get("request"), str):
        line["request"] = line["request"].partition("?")[0]
    return line


def _current(info: object) -> BaseException | None:
    """The error of `exc_info=True`, or of the triple that logging hands on."""
    found: object = sys.exc_info() if info is True else info
    return found[1] if isinstance(found, tuple) else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, then what it came from."""
    seen: set[int] = set()
    part: BaseException | None = error
    while part is not None and id(part) not in seen:
        seen.add(id(part))
        yield part
        part = part.__cause__ or (None if part.__suppress_context__ else part.__context__)


def _told(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    frames = traceback.extract_tb(error.__traceback__)[-INNERMOST:]
    return {
        "type": f"{kind.__module__}.{kind.__qualname__}",
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
