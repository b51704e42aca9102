"""Health checks for monitoring: whether the process is alive, and whether it can work, as plain JSON."""

import time
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from massline.broker import ask_once

ALIVE_SECONDS = 180
"""Seconds after which the worker or the clock counts as gone. Both leave a mark every minute."""

NOTES: dict[str, Callable[[], tuple[bool, str]]] = {}
"""What else is said, by whom it concerns: whether all is well, and in words. A decision or a stage, and no fault."""

FILES = {"clamd": "scanned", "none": "not scanned", "": "not taken: MASSLINE_SCANNER is not set"}


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answers that the process is alive. Touches nothing else."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, broker, worker and clock, each by itself; 503 when one of them does not work.

    Whether files are taken, and whether the office is open, is said too: that is no fault.
    """
    checks: dict[str, Callable[[], bool]] = {
        "database": database_answers,
        "broker": broker_answers,
        "worker": lambda: is_alive("worker"),
        "clock": lambda: is_alive("clock"),
    }
    found = {name: _try(check) for name, check in checks.items()}
    ready = all(found.values())
    body = {"status": "ok" if ready else "unready", **{name: "ok" if fine else "down" for name, fine in found.items()}}
    body["files"] = FILES[settings.SCANNER]
    body |= {name: words for name, (_fine, words) in notes().items()}
    return JsonResponse(body, status=200 if ready else 503)


def notes() -> dict[str, tuple[bool, str]]:
    """Returns every note; "unknown" where it cannot be found out at once: a health check waits for no lock."""
    found = {}
    for name, note in NOTES.items():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '1s'")
                found[name] = note()
        except Exception:  # the check of the database says why
            found[name] = False, "unknown"
    return found


def _try(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # whatever is wrong with it, it does not work
        return False


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def broker_answers() -> bool:
    return bool(_broker().ping())


def is_alive(name: str) -> bool:
    mark = _broker().get(f"seen:{name}")
    return mark is not None and time.time() - float(mark) < ALIVE_SECONDS


def leave_mark(name: str) -> None:
    """Leaves a mark of the worker or of beat, about once a minute."""
    _broker().set(f"seen:{name}", time.time(), ex=10 * ALIVE_SECONDS)


def _broker() -> redis.Redis:
    return ask_once(settings.REDIS_URL)
