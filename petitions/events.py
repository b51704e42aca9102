"""What can happen to a petition, each with one sentence for its timeline."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

FILED = Event("filed", _("收到信访事项（%(channel)s）"), public=True)
REGISTERED = Event("registered", _("已登记"), public=True)
FORWARDED = Event("forwarded", _("已转送%(organ)s办理"), public=True)
OBJECTED = Event("objected", _("%(organ)s认为不属于本单位职责，提出异议"), public=True)
OBJECTION_DECIDED = Event("objection_decided", _("信访部门已对异议作出决定：%(decision)s"), public=True)
ACCEPTED = Event("accepted", _("%(organ)s已受理"), public=True)
DECLINED = Event("declined", _("%(organ)s决定不予受理"), public=True)
DECLINING = Event("declining", _("%(organ)s认为不应受理，报请信访部门核实"), public=True)
DECLINE_AGREED = Event("decline_agreed", _("信访部门已核实同意，%(organ)s不予受理"), public=True)
DECLINE_REFUSED = Event("decline_refused", _("信访部门不同意不予受理，仍由%(organ)s办理"), public=True)
RECLASSIFIED = Event("reclassified", _("内容分类由“%(category_before)s”更正为“%(category)s”"), public=True)
ASSIGNED = Event("assigned", _("已分派给%(handler)s办理"), public=False)
ANSWERED = Event("answered", _("%(organ)s已作出处理意见：%(outcome)s"), public=True)
RETURNED = Event("returned", _("经核实退回重新办理"), public=True)
CLOSED = Event("closed", _("经核实办结，予以销号"), public=True)
NOTED = Event("noted", _("写下内部备注"), public=False)
ASKED = Event("asked", _("%(organ)s向您了解情况"), public=True)
UNMASKED = Event("petitioner_unmasked", _("查看了信访人身份信息：%(fields)s"), public=False)
ATTACHED = Event("attached", _("添加了文件（%(kind)s）"), public=True)
ATTACHED_INSIDE = Event("attached_inside", _("添加了内部文件（%(kind)s）"), public=False)
SCANNED = Event("attachment_scanned", _("文件已查毒：%(scan)s"), public=False)
CHECKED = Event("attachment_checked", _("文件已检查，可以打开（%(kind)s）"), public=False)
NOT_TAKEN = Event("attachment_not_taken", _("文件没有通过检查，没有保存：%(refusal)s"), public=False)
SUPPLEMENTED = Event("supplemented", _("信访人补充了情况"), public=True)
WITHDRAWN = Event("withdrawn", _("信访人撤回"), public=True)
URGED = Event("urged", _("信访人催办"), public=True)
RATED = Event("rated", _("信访人对%(object)s作出评价"), public=True)
RECALLED = Event("telling_recalled", _("退回重办，撤下尚未告知的%(letter)s"), public=False)
LOOKED_INTO = Event("looked_into", _("%(organ)s主要负责人过问了对%(object)s的评价"), public=True)
TOLD = Event("told", _("已告知信访人：%(letter)s（%(how)s）"), public=True)
CANNOT_TELL = Event("cannot_tell", _("无法告知信访人：%(letter)s（%(unclear)s）"), public=True)
TRACKED = Event("tracked", _("信访人凭查询码查看"), public=False)
READER_NAMED = Event("reader_named", _("指定检举控告阅办人：%(reader)s"), public=False)
"""Of the time before accusations were only handed over: the log tells of it still."""
TRANSFERRED = Event("transferred", _("已转交有权处理的机关"), public=True)
TRANSFER_ENTERED = Event("transfer_entered", _("记入移送登记簿"), public=False)
TRANSFER_SENT = Event("transfer_sent", _("已移送"), public=False)
TRANSFER_RECEIPTED = Event("transfer_receipted", _("登记移送回执"), public=False)
TRANSFER_READ = Event("transfer_read", _("移送人查看了待移送的材料"), public=False)
TRANSFER_SEALED = Event("transfer_sealed", _("封存了早先的检举控告材料"), public=False)
TRANSFER_OPENED = Event("transfer_opened", _("依法启封了已封存的材料"), public=False)
ERASED = Event("petition_erased", _("依法清除了信访人的个人信息和陈述"), public=True)
IMPORTED = Event("imported", _("从旧台账“%(source)s”接收"), public=True)
IMPORT_ASKED = Event("import_asked", _("上传了旧台账，等待确认"), public=False)
IMPORT_CONFIRMED = Event("import_confirmed", _("确认导入旧台账"), public=False)
IMPORT_STEP = Event("import_step", _("旧台账导入又完成一批"), public=False)
IMPORT_ENDED = Event("import_ended", _("旧台账导入结束"), public=False)
IMPORT_FORGOTTEN = Event("import_forgotten", _("旧台账的预览或者退回行到期清除"), public=False)
PERSON_SEARCHED = Event("person_searched", _("按%(field)s查找信访人（%(ground)s）"), public=False)
FILTER_SAVED = Event("filter_saved", _("保存了一个台账筛选"), public=False)
FILTER_REMOVED = Event("filter_removed", _("删除了一个台账筛选"), public=False)
DEMO_LOADED = Event("demo_loaded", _("装入演示数据"), public=False)
DEMO_PASSWORD_SET = Event("demo_password_set", _("重设演示账号的密码"), public=False)

OF_PETITIONS = register(
    ATTACHED, ATTACHED_INSIDE, SCANNED, CHECKED, NOT_TAKEN,
    DECLINING, DECLINE_AGREED, DECLINE_REFUSED, RECLASSIFIED, LOOKED_INTO, RECALLED,
    FILED, REGISTERED, FORWARDED, OBJECTED, OBJECTION_DECIDED, ACCEPTED, DECLINED, ASSIGNED, ANSWERED, RETURNED,
    CLOSED, NOTED, ASKED, UNMASKED, SUPPLEMENTED, WITHDRAWN, URGED, RATED, TOLD, CANNOT_TELL, TRACKED, READER_NAMED,
    TRANSFERRED, TRANSFER_ENTERED, TRANSFER_SENT, TRANSFER_RECEIPTED, TRANSFER_READ, TRANSFER_SEALED, TRANSFER_OPENED,
    ERASED, IMPORTED, IMPORT_ASKED, IMPORT_CONFIRMED, IMPORT_STEP, IMPORT_ENDED, IMPORT_FORGOTTEN,
    PERSON_SEARCHED, FILTER_SAVED, FILTER_REMOVED, DEMO_LOADED, DEMO_PASSWORD_SET,
)  # fmt: skip
