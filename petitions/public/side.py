"""The declaration of what citizens do with petitions: filing, tracking, acts and letters."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers as s

from accounts.models import User
from citizens.accusations import ACCUSATION, NotReceivedHere
from citizens.filing.list_fields import complained_field, representatives_field
from citizens.filing.public_form import PublicForm
from citizens.public_sides import PublicSide
from massline.acts import Act
from petitions.acts.citizen import CITIZEN_ACTS, HandIn, Rate, Supplement, Urge, Withdraw
from petitions.acts.official import OFFICIAL_ACTS, Ask, UnmaskToTell
from petitions.desk import petition_view as show
from petitions.duties import PETITION_OFFICE
from petitions.filing import filing
from petitions.filing.forms import FilingForm
from petitions.models import Demand
from petitions.models.search_index import TEXTS
from petitions.public import receiving_office as office
from petitions.public.letters import LETTERS, NEUTRAL
from petitions.public.remedy import remedy
from petitions.transfers import sealing
from responsibility.people import position_of

DONE = {
    Supplement.slug: _("补充情况已经提交，办理单位会看到。"),
    HandIn.slug: _("文件已添加。"),
    Urge.slug: _("已经催办，办理单位会收到提醒。"),
    Rate.slug: _("评价已经提交，谢谢您。"),
    Withdraw.slug: _("已经撤回，这件事不再继续办理。"),
}


def may_search(user: User) -> bool:
    """Returns whether the user may search all petitions of one person: in the receiving or top post of a petition
    office."""
    held = position_of(user).held if user.is_active else ()
    return any(PETITION_OFFICE in each.duties and (each.is_intake or each.is_top) for each in held)


def way_to_search(user: User) -> SafeString | str:
    """Returns the link to the search for a person, for the empty result of the ledger's search; empty for users who may
    not search."""
    if not may_search(user):
        return ""
    link = format_html('<a href="{}">{}</a>', reverse("person_search"), gettext("按身份查找"))
    return format_html(gettext("这里不查姓名、电话和身份证号码，要找人请用“{}”。"), link)


def _refuse_accusations(body: Mapping[str, Any]) -> None:
    if body.get("purpose") == ACCUSATION:
        raise NotReceivedHere()


def _neutral_letters(user: User) -> Q:
    """Selects the letters about accusations that this user handed over: they tell the petitioner, and see the petition
    no more."""
    mine = Demand.objects.filter(transfer__sent_by=user)
    return Q(letter=NEUTRAL, subject_kind=Demand.KIND, subject_id__in=mine.values("pk"))


def _unmask(demand: Demand) -> Act:
    return UnmaskToTell() if demand.sealed else OFFICIAL_ACTS["unmask"]


def _own_rows(demand: Demand) -> Iterable[QuerySet[Any]]:
    yield type(demand.petition).objects.filter(pk=demand.petition_id)
    yield demand.answers.all()


def _further(demand: Demand) -> dict[str, Any]:
    """Builds what the page of a petition shows besides: the ratings, and the remedy where an opinion stands."""
    answered = not demand.sealed and any(not one.returned for one in show.answers(demand))
    return {"ratings": show.own_ratings(demand), "remedy": remedy(demand) if answered else None}


EXAMPLES = [
    OpenApiExample(
        "a lamp that does not light",
        {
            "title": "楼道照明长期不亮",
            "body": "三单元楼道灯坏了两个月，多次找物业无果。",
            "category": "010101",
            "region": "990102000000",
            "purpose": "request",
            "wish": "请尽快修好",
            "complained_about": [{"kind": "organ", "name": "幸福里物业服务中心"}],
            "petitioner": {"name": "宋试民", "phone": "13900000000", "tell_by": "sms"},
        },
        request_only=True,
    ),
    OpenApiExample(
        "filed",
        {
            "number": "XF20261123-000042",
            "tracking_code": "7K3M-Q9TX-2B8C-ZR4V-WN6H",
            "received_at": "2026-11-23T09:12:30+08:00",
            "persons": 1,
            "obligations": [
                {
                    "rule": "XF01",
                    "goal": "登记、转送",
                    "basis": "《信访工作条例》第二十二条",
                    "due_strict": "2026-12-08",
                    "due_legal": "2026-12-08",
                    "provisional": False,
                }
            ],
        },
        response_only=True,
        status_codes=["201"],
    ),
]
FORM = PublicForm(
    form=FilingForm,
    file=filing.file,
    template="public/file.html",
    ready=office.is_open,
    entries={"complained_about": complained_field(), "representatives": representatives_field()},
    person="petitioner",
    refuse=_refuse_accusations,
    receipt={"persons": s.IntegerField(help_text=_("信访人数"))},
    description=_(
        "回答编号和查询码，查询码只出现这一次。带上 Idempotency-Key 重发同样的内容，24 小时内得到同样的回答。"
        "检举控告不在这里提出：purpose 为 accusation 的回答 422，where_to_turn 列出应当向哪里提出。"
    ),
    examples=EXAMPLES,
)
PUBLIC_SIDE = PublicSide(
    form=FORM,
    acts=CITIZEN_ACTS,
    shown=show.tracked,
    shape=show.TrackedPetition,
    template="petitions/tracked.html",
    page=_further,
    shows_own=lambda demand: not demand.sealed,
    done=DONE,
    repeatable=frozenset({Supplement.slug, Urge.slug}),
    confirmed={Withdraw.slug: _("我确定撤回，知道撤回以后不能恢复")},
    filing="petition",
    letters=LETTERS,
    also_told_by=_neutral_letters,
    unmask=_unmask,
    own_rows=_own_rows,
    texts=lambda demand: {FilingForm.base_fields[name].label: getattr(demand.petition, name) for name in TEXTS},
    questions={Ask.slug: Supplement.slug},
    erased=sealing.forget,
    searched_by=may_search,
)
