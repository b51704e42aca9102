"""Structured logs, one JSON object a line, with the request id that also stands in the log of events.

Nothing personal is written: no address, no browser, no user, no query string, and of an exception only its class and
where it happened, since messages (above all the database's) quote what people typed.
"""

import re
import sys
import traceback
import uuid
from types import TracebackType
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
PERSONAL = ("user_agent", "ip", "user_id", "error", "exception", "args", "kwargs", "positional_args")

log = structlog.get_logger(__name__)


class RequestLog(RequestMiddleware):
    """Gives each request an id (or takes the proxy's) and logs its begin and end by path alone."""

    def prepare(self, request: HttpRequest) -> None:
        given = request.headers.get("X-Request-Id", "")
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=given if REQUEST_ID.fullmatch(given) else str(uuid.uuid4()))

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"


def without_persons(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Drops what may name a person (processor)."""
    for key in PERSONAL:
        event.pop(key, None)
    return event


def without_messages(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Processor: an exception becomes its class, its place, and the constraint that the database named."""
    found = event.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else found if isinstance(found, BaseException) else None
    if error is None:
        return event
    event["error_class"] = f"{type(error).__module__}.{type(error).__qualname__}"
    event["error_at"] = _places(error.__traceback__)
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None:
        event["error_sqlstate"] = diagnosis.sqlstate
        event["error_constraint"] = diagnosis.constraint_name
    if settings.DEBUG:
        event["error_message"] = str(error)
    return event


def _places(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[-12:]]


def _catch(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Processor: exc_info=True means the exception at hand; it must be taken before the logging module keeps it."""
    if event.get("exc_info") is True:
        event["exc_info"] = sys.exc_info()
    return event


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _catch,
    without_persons,
]


def configure(level: str) -> dict[str, Any]:
    """Configures structlog and returns Django's LOGGING."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    without_messages,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # Its messages carry what was typed: paths with queries, SQL, addresses. Ours say the same without.
            "django.request": {"level": "CRITICAL"},
            "django.security": {"level": "CRITICAL"},
            "django.db.backends": {"level": "CRITICAL"},
            "apprise": {"level": "CRITICAL"},  # names the telephone numbers that it sends to
            "celery": {"level": "WARNING"},
            "celery.app.trace": {"level": "CRITICAL"},
        },
    }
