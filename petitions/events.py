"""The events of petitions, of the register of transfers and of imports, each with one sentence."""

from django.utils.translation import gettext_lazy as _

from audit import subjects
from audit.events import Event, register

FILED = Event("petition.filed", _("收到信访事项（%(channel)s）"), public=True)
REGISTERED = Event("petition.registered", _("已登记"), public=True)
FORWARDED = Event("petition.forwarded", _("已转送%(organ)s办理"), public=True)
OBJECTED = Event("petition.objected", _("%(organ)s认为不属于本单位职责，提出异议"), public=True)
OBJECTION_DECIDED = Event(
    "petition.objection_decided",
    _("信访部门已对异议作出决定：%(decision)s"),
    public=True,
)
ACCEPTED = Event("petition.accepted", _("%(organ)s已受理"), public=True)
DECLINED = Event("petition.declined", _("%(organ)s决定不予受理"), public=True)
DECLINING = Event("petition.declining", _("%(organ)s认为不应受理，报请信访部门核实"), public=True)
DECLINE_AGREED = Event("petition.decline_agreed", _("信访部门已核实同意，%(organ)s不予受理"), public=True)
DECLINE_REFUSED = Event(
    "petition.decline_refused",
    _("信访部门不同意不予受理，仍由%(organ)s办理"),
    public=True,
)
RECLASSIFIED = Event(
    "petition.reclassified",
    _("内容分类由“%(category_before)s”更正为“%(category)s”"),
    public=True,
)
ASSIGNED = Event("petition.assigned", _("已分派给%(handler)s办理"), public=False)
ANSWERED = Event("petition.answered", _("%(organ)s已作出处理意见：%(outcome)s"), public=True)
RETURNED = Event("petition.returned", _("经核实退回重新办理"), public=True)
CLOSED = Event("petition.closed", _("经核实办结，予以销号"), public=True)
NOTED = Event("petition.noted", _("写下内部备注"), public=False)
ASKED = Event("petition.asked", _("%(organ)s向您了解情况"), public=True)
UNMASKED = Event("petition.unmasked", _("查看了信访人身份信息：%(fields)s"), public=False)
SUPPLEMENTED = Event("petition.supplemented", _("信访人补充了情况"), public=True)
WITHDRAWN = Event("petition.withdrawn", _("信访人撤回"), public=True)
URGED = Event("petition.urged", _("信访人催办"), public=True)
RATED = Event("petition.rated", _("信访人对%(object)s作出评价"), public=True)
LOOKED_INTO = Event("petition.looked_into", _("%(organ)s主要负责人过问了对%(object)s的评价"), public=True)
TRANSFERRED = Event("petition.transferred", _("已转交有权处理的机关"), public=True)
TRANSFER_ENTERED = Event("transfer.entered", _("记入移送登记簿"), public=False)
TRANSFER_RECEIPTED = Event("transfer.receipted", _("登记移送回执"), public=False)
TRANSFER_READ = Event("transfer.read", _("移送人查看了待移送的材料"), public=False)
TRANSFER_OPENED = Event("transfer.opened", _("依法启封了已封存的材料"), public=False)
IMPORTED = Event("petition.imported", _("从旧台账“%(source)s”接收"), public=True)

subjects.register(subjects.LogSubject("import", keyed=True))
OF_PETITIONS = register(
    DECLINING, DECLINE_AGREED, DECLINE_REFUSED, RECLASSIFIED, LOOKED_INTO,
    FILED, REGISTERED, FORWARDED, OBJECTED, OBJECTION_DECIDED, ACCEPTED, DECLINED, ASSIGNED, ANSWERED, RETURNED,
    CLOSED, NOTED, ASKED, UNMASKED, SUPPLEMENTED, WITHDRAWN, URGED, RATED,
    TRANSFERRED, TRANSFER_ENTERED, TRANSFER_RECEIPTED, TRANSFER_READ, TRANSFER_OPENED,
    IMPORTED,
)  # fmt: skip
