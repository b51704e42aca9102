"""Lists the kinds of record that exist for a person: their states, acts, and the form that creates one."""

from dataclasses import dataclass
from typing import Annotated, Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema

from accounts.models import User
from accounts.tokens import SignedIn
from massline.acts import Act
from massline.rest import problems
from massline.rest_acts import Field
from massline.rest_endpoint import Endpoint
from massline.rest_forms import described
from massline.rest_shapes import component, serializer_of
from records.bulk import open_to
from records.kinds import Create, RecordType, record_types
from records.rest.views import private


@dataclass(frozen=True)
class StateOfKind:
    """A state that records of a kind can be in."""

    value: str
    label: str
    final: Annotated[bool, _("到此为止，不再有待办的时限。")]


@dataclass(frozen=True)
class ActOfKind:
    """Something that can be done to records of a kind."""

    slug: str
    label: str
    from_: Annotated[list[str], _("可以办理的状态")]
    to: Annotated[list[str], _("办理后的状态；空的，状态不变。")]
    roles: Annotated[list[str], _("可以办理的人对这一件的身份")]
    bulk: Annotated[bool, _("您可以对多件一起办理")]


@dataclass(frozen=True)
class CreateOfKind:
    """What entering a record of a kind asks for."""

    fields: list[Field]
    sources: Annotated[list[str], _("可以由哪几种事项新建")]


@dataclass(frozen=True)
class Kind:
    """A kind of record, as far as it exists for a person."""

    kind: str
    plural: str
    title: str
    url: Annotated[str, _("列表的地址")]
    states: list[StateOfKind]
    acts: list[ActOfKind]
    create: Annotated[CreateOfKind | None, _("您不能新建的，为 null。")]


Kinds = component("Kinds", {"results": serializer_of(Kind)(many=True)})


class KindsForMe(Endpoint):
    @extend_schema(
        tags=["kinds"],
        summary=_("您看得到的事项种类"),
        operation_id="records_kinds",
        responses={200: Kinds} | problems(401, 403),
    )
    def get(self, request: SignedIn) -> HttpResponseBase:
        found = [kind for kind in record_types() if kind.rest and kind.menu(request.user)]
        return private({"results": [_shown(kind, request) for kind in found]})


def _shown(kind: RecordType, request: SignedIn) -> Kind:
    order, bulk = [str(value) for value, _label in kind.states], {each.act.slug for each in open_to(kind, request.user)}
    return Kind(
        kind=kind.kind,
        plural=kind.plural,
        title=str(kind.title),
        url=request.build_absolute_uri(reverse(f"api_{kind.plural}")),
        states=[StateOfKind(str(value), str(label), value in kind.final) for value, label in kind.states],
        acts=[_act(act, order, bulk=act.slug in bulk) for act in kind.acts],
        create=_create(kind.create, request.user) if kind.create and kind.create.may(request.user) else None,
    )


def _create(create: Create, user: User) -> CreateOfKind:
    fields: Any = described(create.build_form(None, user).fields)
    return CreateOfKind(fields, sorted(create.sources))


def _act(act: Act, order: list[str], *, bulk: bool) -> ActOfKind:
    return ActOfKind(
        slug=act.slug,
        label=str(act.label),
        from_=sorted(map(str, act.from_states), key=order.index),
        to=[str(state) for state in act.to],
        roles=sorted(map(str, act.roles)),
        bulk=bulk,
    )
