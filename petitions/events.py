"""What can happen to petitions, to lines of the register of transfers and to imports, each with one sentence."""

from django.utils.translation import gettext_lazy as _

from audit import subjects
from audit.events import Event, register, register_former
from records.files.events import OF_FILES

FILED = Event("petition.filed", _("收到信访事项（%(channel)s）"), public=True, formerly=("filed",))
REGISTERED = Event("petition.registered", _("已登记"), public=True, formerly=("registered",))
FORWARDED = Event("petition.forwarded", _("已转送%(organ)s办理"), public=True, formerly=("forwarded",))
OBJECTED = Event("petition.objected", _("%(organ)s认为不属于本单位职责，提出异议"), public=True, formerly=("objected",))
OBJECTION_DECIDED = Event(
    "petition.objection_decided",
    _("信访部门已对异议作出决定：%(decision)s"),
    public=True,
    formerly=("objection_decided",),
)
ACCEPTED = Event("petition.accepted", _("%(organ)s已受理"), public=True, formerly=("accepted",))
DECLINED = Event("petition.declined", _("%(organ)s决定不予受理"), public=True, formerly=("declined",))
DECLINING = Event(
    "petition.declining", _("%(organ)s认为不应受理，报请信访部门核实"), public=True, formerly=("declining",)
)
DECLINE_AGREED = Event(
    "petition.decline_agreed", _("信访部门已核实同意，%(organ)s不予受理"), public=True, formerly=("decline_agreed",)
)
DECLINE_REFUSED = Event(
    "petition.decline_refused",
    _("信访部门不同意不予受理，仍由%(organ)s办理"),
    public=True,
    formerly=("decline_refused",),
)
RECLASSIFIED = Event(
    "petition.reclassified",
    _("内容分类由“%(category_before)s”更正为“%(category)s”"),
    public=True,
    formerly=("reclassified",),
)
ASSIGNED = Event("petition.assigned", _("已分派给%(handler)s办理"), public=False, formerly=("assigned",))
ANSWERED = Event("petition.answered", _("%(organ)s已作出处理意见：%(outcome)s"), public=True, formerly=("answered",))
RETURNED = Event("petition.returned", _("经核实退回重新办理"), public=True, formerly=("returned",))
CLOSED = Event("petition.closed", _("经核实办结，予以销号"), public=True, formerly=("closed",))
NOTED = Event("petition.noted", _("写下内部备注"), public=False, formerly=("noted",))
ASKED = Event("petition.asked", _("%(organ)s向您了解情况"), public=True, formerly=("asked",))
UNMASKED = Event(
    "petition.unmasked", _("查看了信访人身份信息：%(fields)s"), public=False, formerly=("petitioner_unmasked",)
)
SUPPLEMENTED = Event("petition.supplemented", _("信访人补充了情况"), public=True, formerly=("supplemented",))
WITHDRAWN = Event("petition.withdrawn", _("信访人撤回"), public=True, formerly=("withdrawn",))
URGED = Event("petition.urged", _("信访人催办"), public=True, formerly=("urged",))
RATED = Event("petition.rated", _("信访人对%(object)s作出评价"), public=True, formerly=("rated",))
RECALLED = Event(
    "petition.telling_recalled", _("退回重办，撤下尚未告知的%(letter)s"), public=False, formerly=("telling_recalled",)
)
LOOKED_INTO = Event(
    "petition.looked_into", _("%(organ)s主要负责人过问了对%(object)s的评价"), public=True, formerly=("looked_into",)
)
TOLD = Event("petition.told", _("已告知信访人：%(letter)s（%(how)s）"), public=True, formerly=("told",))
CANNOT_TELL = Event(
    "petition.cannot_tell", _("无法告知信访人：%(letter)s（%(unclear)s）"), public=True, formerly=("cannot_tell",)
)
TRACKED = Event("petition.tracked", _("信访人凭查询码查看"), public=False, formerly=("tracked",))
READER_NAMED = Event(
    "petition.reader_named", _("指定检举控告阅办人：%(reader)s"), public=False, formerly=("reader_named",)
)
"""Of the time before accusations were only handed over: the log tells of it still."""
TRANSFERRED = Event("petition.transferred", _("已转交有权处理的机关"), public=True, formerly=("transferred",))
TRANSFER_ENTERED = Event("transfer.entered", _("记入移送登记簿"), public=False, formerly=("transfer_entered",))
TRANSFER_SENT = Event("transfer.sent", _("已移送"), public=False, formerly=("transfer_sent",))
TRANSFER_RECEIPTED = Event("transfer.receipted", _("登记移送回执"), public=False, formerly=("transfer_receipted",))
TRANSFER_READ = Event("transfer.read", _("移送人查看了待移送的材料"), public=False, formerly=("transfer_read",))
TRANSFER_SEALED = Event("transfer.sealed", _("封存了早先的检举控告材料"), public=False, formerly=("transfer_sealed",))
TRANSFER_OPENED = Event("transfer.opened", _("依法启封了已封存的材料"), public=False, formerly=("transfer_opened",))
ERASED = Event("petition.erased", _("依法清除了信访人的个人信息和陈述"), public=True, formerly=("petition_erased",))
IMPORTED = Event("petition.imported", _("从旧台账“%(source)s”接收"), public=True, formerly=("imported",))
PERSON_SEARCHED = Event(
    "petition.person_searched", _("按%(field)s查找信访人（%(ground)s）"), public=False, formerly=("person_searched",)
)

subjects.register(subjects.LogSubject("import", keyed=True))
OF_PETITIONS = register(
    DECLINING, DECLINE_AGREED, DECLINE_REFUSED, RECLASSIFIED, LOOKED_INTO, RECALLED,
    FILED, REGISTERED, FORWARDED, OBJECTED, OBJECTION_DECIDED, ACCEPTED, DECLINED, ASSIGNED, ANSWERED, RETURNED,
    CLOSED, NOTED, ASKED, UNMASKED, SUPPLEMENTED, WITHDRAWN, URGED, RATED, TOLD, CANNOT_TELL, TRACKED, READER_NAMED,
    TRANSFERRED, TRANSFER_ENTERED, TRANSFER_SENT, TRANSFER_RECEIPTED, TRANSFER_READ, TRANSFER_SEALED, TRANSFER_OPENED,
    ERASED, IMPORTED,
    PERSON_SEARCHED,
)  # fmt: skip

for event in OF_FILES:
    register_former(event, f"petition.{event.name}")
