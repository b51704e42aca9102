"""Remarks as a kind of record, and their side for citizens."""

from django.db.models import F
from django.utils import timezone

from audit import log
from citizens.adapter import CitizenRecordAdapter
from citizens.catalogue.published import published
from citizens.citizen import ROLE
from citizens.effects import Issues
from citizens.filing.forms import PersonForm
from citizens.filing.list_fields import complained_field
from citizens.filing.public_form import PublicForm
from citizens.filing.receipt import Filed, take_in
from citizens.identity.unmasking import Unmask
from citizens.public_sides import PublicSide
from citizens.telling.letters import Letter, LetterBook
from massline import crypto
from massline.acts import Act, Acts
from massline.inputs import Text
from massline.texts import LineField, text_field
from records.columns import Cell, code, personal
from records.effects import Writes
from records.kinds import RecordType
from records.listing import Listing
from records.models import Publication
from records.publishing.proposing import ProposePublication
from responsibility import obligations
from responsibility.effects import Closes
from responsibility.models import Organ
from tests.remarks import events
from tests.remarks.models import Remark, RemarkState

WORKS = frozenset({"leader", "reader"})


class Answer(Act):
    slug, label, basis = "answer", "回复", "有意见就有回复"
    from_states, to, roles = frozenset({RemarkState.MADE}), (RemarkState.ANSWERED,), WORKS
    fields, event = (Text("text", "回复内容"),), events.ANSWERED
    effects = (Writes("text", public=True), Closes("XF06"), Issues("replied"))

    def facts(self, doing):
        return {"organ": doing.record.organ.name}


class Ask(Act):
    slug, label, basis, event = "ask", "问一句", "问清再答", events.ASKED
    from_states, roles = frozenset({RemarkState.MADE}), WORKS
    fields, effects = (Text("question", "问什么"),), (Writes("question", public=True),)


class Publish(ProposePublication):
    from_states, roles = frozenset({RemarkState.ANSWERED}), WORKS
    fields = (Text("title", "意见"), Text("body", "内容"))
    suggested = {"title": lambda remark: remark.title, "body": lambda remark: remark.body}


class UnmaskRemark(Unmask):
    from_states, roles, event = frozenset(RemarkState), WORKS, events.UNMASKED


class Add(Act):
    slug, label, basis, event = "add", "补充", "想到再说", events.ADDED
    from_states, roles = frozenset({RemarkState.MADE}), frozenset({ROLE})
    fields, effects = (Text("text", "补充什么"),), (Writes("text", public=True),)


class RemarkForm(PersonForm):
    title = LineField(label="一句话", max_length=50)
    body = text_field("您的意见")


def file(data):
    at, code = timezone.now(), crypto.new_code()
    organ, number = Organ.objects.get(code="department"), Remark.numbers().draw(at)
    log.record(events.MADE, subject=log.Subject(Remark.KIND, number), facts={"at": at.isoformat()})
    filing = take_in(Remark.KIND, data, code=code, region=organ.region_id)
    made = Remark.objects.create(number=number, organ=organ, filing=filing, title=data["title"], body=data["body"])
    return Filed(filing, number, code, at, [obligations.open_(made.matter, "XF06", made.chain_subject(), at)])


ACTS, OWN = Acts(Answer, Ask, Publish, UnmaskRemark), Acts(Add)
REMARKS = RecordType(
    kind=Remark.KIND, plural="remarks", title="意见", model=Remark, acts=ACTS, adapter=CitizenRecordAdapter,
    final=frozenset({RemarkState.ANSWERED}),
    columns=(
        code("number", "编号", F("number"), cell=Cell(lambda one, reading: one.number)),
        personal("title", "意见", F("title"), cell=Cell(lambda one, reading: one.title)),
    ),
    listing=Listing("意见登记", "remarks", shown=("number", "title"), joined=("organ", "handler")),
)  # fmt: skip
PUBLIC = PublicSide(
    form=PublicForm(RemarkForm, file, "remarks/file.html", entries={"complained_about": complained_field()}),
    acts=OWN,
    done={"add": "已经补充。"},
    repeatable=frozenset({"add"}),
    catalogue=published(Remark.KIND, ACTS, "公开的意见"),
    letters=LetterBook(
        (Letter("replied", "意见回复", "，{organ}已经回复：{text}"),),
        opening="您好：\n    您的意见（{number}）", closing="\n{organ}\n{day}",
    ),
    unmask=lambda remark: ACTS["unmask"],
    texts=lambda remark: {"一句话": remark.title, "您的意见": remark.body},
    questions={"ask": "add"},
    cleared=lambda remark: Publication.objects.public().about(remark.KIND, remark.pk).exists(),
)  # fmt: skip
