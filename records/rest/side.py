"""What a kind declares for REST beyond its states and acts, with defaults for all that most kinds share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from accounts.models import User
from massline.rest import body_of
from massline.rest_shapes import Shape
from records.filters import RecordFilter


def body_of_act(request: Request, record: Any, slug: str) -> dict[str, Any]:
    """Returns the values that an act's form takes from a request."""
    return body_of(request)


@dataclass(frozen=True, kw_only=True)
class RestSide:
    """One kind in REST: `/api/v1/{plural}/` and what lies below. Its rows are made from its columns (`rows.py`)."""

    joined: tuple[str, ...] = ()
    """The relations that its rows read besides those of the page's list; what its model names (`JOINED`) where a kind
    declares none."""
    filterset: type[RecordFilter] | None = None
    """What narrows its list, where that is more than the page of the list offers."""
    more: Callable[[Any, User], Any] | None = None
    """What its own answer has besides the row, in the place of what its cards say (`Card.shape`)."""
    detail: Shape | None = None
    """The shape of that."""
    timeline: Callable[[Any], list[Any]] | None = None
    """What happened to a record, where that is not all that the log has about it."""
    once: Callable[[str, Any, Callable[[], Any]], Any] | None = None
    """Makes a record under a sender's key, or finds the one that was made of the same, with what it reveals; a kind
    that reveals something keeps that for so long. Raises an ActError for the key of something else."""
    reveals: Shape | None = None
    """The shape of what the answer to creating one reveals."""
    filters: tuple[OpenApiParameter, ...] = ()
    """Those that other kinds do not have, and what this one says of the common ones."""
    act_body: Callable[[Request, Any, str], dict[str, Any]] = body_of_act
    act_base: type[Serializer[Any]] = Serializer
    """What each act takes besides the fields of its form."""


AS_DECLARED = RestSide()
"""For a kind of which its columns, acts and cards say everything."""
