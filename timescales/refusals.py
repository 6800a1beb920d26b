"""What may not be done: every room, the lowest too, raises the same refusal."""


class Refused(Exception):
    """An act the rules do not allow. `field` names the form field the message belongs to, if any."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Conflict(Refused):
    """An act somebody else did first; what this person typed is given back to them."""
