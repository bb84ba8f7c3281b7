"""One line of JSON per event on standard error, with the request it belongs to."""

import json
import logging
import sys

from flask import g, has_request_context


class JsonFormatter(logging.Formatter):
    """Renders a record as one JSON object; extras given as `extra={"reason": ...}` are kept."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            line["request"] = getattr(g, "request_id", None)
        if reason := getattr(record, "reason", None):
            line["reason"] = reason
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up_logging(level: int = logging.INFO) -> None:
    """Send all logging to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(capture=True)  # a library's warning is a line like all others
    for noisy in ("kombu", "amqp", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # It warns for every request that has to wait for a thread: under load, a line per request.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
