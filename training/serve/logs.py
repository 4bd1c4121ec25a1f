"""The log: a JSON object a line on standard error, without a word of any article."""

import json
import logging
import traceback
from datetime import UTC, datetime

LOG = logging.getLogger("sikap.serve")
_SERVER = "uvicorn.error"  # where the server says what went wrong
_DETAILS = "details"


class JsonFormatter(logging.Formatter):
    """Makes a line of an event and its details."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line.

        Of an exception it holds type and place alone: its message may repeat what was read.
        """
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage().strip().partition("\n")[0],
        }
        line |= getattr(record, _DETAILS, {})
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["traceback"] = "".join(traceback.format_tb(record.exc_info[2]))
        return json.dumps(line)


def log(event: str, level: int = logging.INFO, /, **details: object) -> None:
    """Write a line."""
    LOG.log(level, event, extra={_DETAILS: details})


def open_log() -> None:
    """Send the lines of service and server to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    for logger, level in ((LOG, logging.INFO), (logging.getLogger(_SERVER), logging.WARNING)):
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False
