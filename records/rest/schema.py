"""The schema of the endpoints of one kind: names that begin with the kind, shapes from its declaration."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from drf_spectacular.settings import spectacular_settings
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_view,
)
from rest_framework import serializers as s

from massline.rest import IDEMPOTENCY_KEY, Problem, problems
from massline.rest_acts import OpenAct, act_parameter, fields_of_act, input_of, inputs_of
from massline.rest_shapes import Serializer, camel_case, component, field_of, is_list, serializer_of
from records.bulk import MAX_AT_ONCE
from records.documents.pdf import NotTypeset
from records.filters import RecordFilter, with_common
from records.kinds import Create, RecordType
from records.links import Linked
from records.rest.bulk import BulkResult, RecordsBulkAct
from records.rest.creating import RecordsOpenToEntry
from records.rest.documents import RecordDocument
from records.rest.rows import row_component, state_field
from records.rest.side import RestSide
from records.rest.views import KindView, OneRecord, RecordAct, RecordList, RecordTimeline
from records.standard_cards import cards_of
from records.timeline import Happened
from responsibility.presentation import ObligationRow


class RecordParts(Serializer):
    """The fields of a record's own answer besides its row."""

    obligations = serializer_of(ObligationRow)(many=True)
    links = serializer_of(Linked)(many=True)
    acts = OpenAct(many=True)


class CreateSource(Serializer):
    """The record because of which another one is opened."""

    kind = s.CharField()
    number = s.CharField()


Timeline = component("RecordTimeline", {"results": serializer_of(Happened)(many=True)})


def filters_of(kind: RecordType, rest: RestSide, filters: type[RecordFilter]) -> list[OpenApiParameter]:
    """Returns the parameters of the list: the common ones that it has, and those of the kind."""
    common = [
        OpenApiParameter("state", str, enum=[str(value) for value, _label in kind.states] or None),
        OpenApiParameter("organ", str, description=_("现承办单位的代码")),
        OpenApiParameter("category", str, description=_("任一级内容分类的代码，包含其下各级；none 为待分类的")),
        OpenApiParameter("overdue", bool),
        OpenApiParameter("mine", str, enum=["me", "organ"], description=_("me：我承办的；organ：本单位承办的")),
        OpenApiParameter("received_from", date, description=_("收到日，自（含当日）")),
        OpenApiParameter("received_to", date, description=_("收到日，至（含当日）")),
        OpenApiParameter("sort", str, enum=["newest", "oldest"], description=_("按收到时间排列；检索时总是从新到旧")),
        OpenApiParameter("q", str, description=_("编号，或者文字")),
        OpenApiParameter("cursor", str, description=_("取自 next 或 previous")),
    ]
    own = {parameter.name: parameter for parameter in rest.filters}
    known = {*filters.base_filters, "cursor"}
    return [*(own.pop(each.name, each) for each in common if each.name in known), *own.values()]


def bulk_fields(kind: RecordType) -> dict[str, s.Field[Any, Any, Any, Any]]:
    """Returns the fields of a kind's bulk acts, each with the acts that ask for it; one that is left out is as each
    record's own form proposes."""
    asked: dict[str, list[Any]] = {}
    for bulk in kind.bulk:
        for name, field in fields_of_act(bulk.act).items():
            asked.setdefault(name, []).extend((bulk.act.slug, field.label or name))
    return {name: _optional(said) for name, said in asked.items()}


def _optional(said: list[Any]) -> s.CharField:
    help_text: Any = format_lazy("；".join(["{}：{}"] * (len(said) // 2)), *said)
    return s.CharField(required=False, allow_null=True, help_text=help_text)


def fields_of_cards(kind: RecordType) -> dict[str, s.Field[Any, Any, Any, Any]]:
    """Returns the fields of a kind's cards, each under the card's name."""
    shapes = {card.name: card.shape for card in cards_of(kind) if card.shape is not None}
    return {name: field_of(shape if is_list(shape) else shape | None) for name, shape in shapes.items()}


class KindSchema:
    """The documented endpoints of one kind."""

    def __init__(self, kind: RecordType, rest: RestSide) -> None:
        self.kind, self.rest = kind, rest
        self.filters = rest.filterset or with_common(kind.listing.filters, kind.number, kind.model)
        self.name = camel_case(kind.kind)
        if kind.states and kind.states not in spectacular_settings.ENUM_NAME_OVERRIDES.values():
            spectacular_settings.ENUM_NAME_OVERRIDES[f"{self.name}State"] = kind.states
        row = row_component(kind, self.name)
        links = {"next": s.URLField(allow_null=True), "previous": s.URLField(allow_null=True)}
        self.rows = component(f"{self.name}Rows", {"results": row(many=True), **links})
        own = serializer_of(rest.detail) if rest.detail else component(f"{self.name}Cards", fields_of_cards(kind))
        self.detail = component(f"{self.name}Detail", {}, own, RecordParts, row)

    @property
    def gone(self) -> dict[str, Any]:
        """The answer for a record that no longer exists for the person who did an act on it."""
        return {
            "number": s.CharField(),
            "state": state_field(self.kind),
            "gone": s.BooleanField(help_text=_("总是 true：办理后不再由您负责。")),
        }

    def _either(self, what: str, detail: Any, gone: Any) -> Any:
        return PolymorphicProxySerializer(
            component_name=what, serializers=[detail, gone], resource_type_field_name=None
        )

    def _view(self, view: type[KindView], method: str, verb: str, **said: Any) -> Any:
        """Returns the endpoint of this kind, with the schema of one of its methods."""
        documented = extend_schema(tags=[self.kind.plural], operation_id=f"{self.kind.plural}_{verb}", **said)
        own = type(
            f"{self.name}{view.__name__}", (view,), {"kind": self.kind, "rest": self.rest, "filters": self.filters}
        )
        return extend_schema_view(**{method: documented})(own)

    def list(self) -> Any:
        view = self._view(
            RecordsOpenToEntry if self.kind.create else RecordList,
            "get",
            "list",
            summary=_("列表，可以筛选"),
            parameters=filters_of(self.kind, self.rest, self.filters),
            responses={200: self.rows} | problems(400, 401, 403, 422),
        )
        return self._with_create(view, self.kind.create) if self.kind.create else view

    def _with_create(self, view: Any, create: Create) -> Any:
        """Adds to the list of a kind how officials create one."""
        more = (serializer_of(self.rest.reveals),) if self.rest.reveals else ()
        created = component(f"{self.name}Created", {}, *more, self.detail)
        gone = component(f"{self.name}CreatedGone", self.gone, *more)
        because: dict[str, Any] = {"source": CreateSource(required=False, allow_null=True)}
        because["relation"] = s.CharField(required=False, allow_null=True, help_text=_("不填即为 led_to"))
        fields: Mapping[str, Any] = create.form.base_fields  # type: ignore[attr-defined]
        documented = extend_schema(
            tags=[self.kind.plural],
            operation_id=f"{self.kind.plural}_create",
            summary=_("新建一件"),
            description=_("带上 Idempotency-Key 重发同样的内容，不会新建第二件。"),
            parameters=[IDEMPOTENCY_KEY],
            request=input_of(f"{self.name}Input", fields, **(because if create.sources else {})),
            responses={201: self._either(f"New{self.name}", created, gone)} | problems(400, 401, 403, 409, 422),
        )
        return extend_schema_view(post=documented)(view)

    def one(self) -> Any:
        return self._view(
            OneRecord,
            "get",
            "retrieve",
            summary=_("一件，以及您现在可以办理的步骤"),
            responses={200: self.detail} | problems(401, 403, 404),
        )

    def timeline(self) -> Any:
        return self._view(
            RecordTimeline,
            "get",
            "timeline",
            summary=_("办理过程，从早到晚"),
            responses={200: Timeline} | problems(401, 403, 404),
        )

    def document(self) -> Any:
        pdf, not_made = OpenApiResponse(bytes, "PDF"), OpenApiResponse(Problem, NotTypeset.title)
        return self._view(
            RecordDocument,
            "get",
            "document",
            summary=_("一份文书，PDF 文件"),
            description=_("名称取自这一件的 documents。每次取得都会记录在案。"),
            responses={(200, "application/pdf"): pdf}
            | problems(401, 403, 404)
            | {(503, "application/problem+json"): not_made},
        )

    def act(self) -> Any:
        gone = component(f"{self.name}Gone", self.gone, doc="After an act that took it out of one's sight.")
        after = self._either(f"After{self.name}Act", self.detail, gone)
        return self._view(
            RecordAct,
            "post",
            "act",
            summary=_("办理一步"),
            description=_(
                "回答办理后的事项；如果办理后不再由您负责，只回答编号和状态。被拒绝的办理（403）会记录在案。"
            ),
            parameters=[act_parameter(self.kind.acts)],
            request=inputs_of(self.name, self.kind.acts, self.rest.act_base),
            responses={200: after} | problems(400, 401, 403, 404, 409, 422, 429),
        )

    def bulk(self) -> Any:
        numbers: Any = s.ListField(child=s.CharField(), min_length=1, max_length=MAX_AT_ONCE)
        results = {"results": component(f"{self.name}BulkResult", {}, serializer_of(BulkResult))(many=True)}
        return self._view(
            RecordsBulkAct,
            "post",
            "bulk",
            summary=_("对多件办理同一步"),
            description=_(
                "一次最多 100 件，逐件办理、逐件回答：done 已办理，already 此前已是这样，refused 被拒绝。"
                "一件被拒绝不影响其余各件。没有填的字段，按每一件自己的情况。"
            ),
            parameters=[act_parameter(each.act for each in self.kind.bulk)],
            request=component(f"{self.name}BulkInput", {"numbers": numbers} | bulk_fields(self.kind)),
            responses={200: component(f"{self.name}BulkResults", results)} | problems(400, 401, 403, 404, 422),
        )
