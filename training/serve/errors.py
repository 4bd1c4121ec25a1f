"""What a request is told when it gets no records."""

import json
from collections.abc import Mapping

SHOWN = 60  # characters of what a client sent that a message repeats


class Problem(Exception):
    """A request that cannot be answered: the status, a code for programs, a message for people."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        """Say what is wrong.

        Args:
            status: Of HTTP.
            code: Short, the same for all problems of a kind.
            message: Where, what was expected, what was found.
            headers: That go with it.
        """
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})

    def body(self) -> bytes:
        """Give the JSON that the client gets; in ASCII, as what it repeats may be no text."""
        return json.dumps({"error": {"code": self.code, "message": self.message}}).encode("ascii")


def shown(text: str) -> str:
    """Give the beginning of what a client sent, for a message."""
    return repr(text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…")
