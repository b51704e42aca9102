"""What is put on record about regulations and their texts."""

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register
from citizens.identity.labels import IDENTITY_LABELS
from records.timeline import register_words

PROPOSED = Event("regulation.proposed", _("制定立项"))
ENTERED = Event("regulation.entered", _("收入上位法"))
IMPORTED = Event("regulation.imported", _("从旧清单“%(source)s”接收"))
DUTIES_SET = Event("regulation.duties_set", _("修改了责任"))
REVISED = Event("regulation.revised", _("起草新的文本"))
DROPPED = Event("regulation.dropped", _("不再制定"))
ENTERED_FORCE = Event("regulation.entered_force", _("第 %(edition)s 稿公布，自%(day)s起施行"))
REVIEWED = Event("regulation.reviewed", _("%(why)s评估，结论：%(outcome)s"))
FILED = Event("regulation.filed", _("已报送备案"))
OPINION_RECEIVED = Event("regulation.opinion_received", _("收到备案审查意见"))
OPINION_ANSWERED = Event("regulation.opinion_answered", _("已答复备案审查意见"))
IMPLEMENTED = Event("regulation.implemented", _("配套规定已出台"))
REPEALED = Event("regulation.repealed", _("自%(day)s起废止"))
POSTS_AT_FAULT = Event("regulation.posts_at_fault", _("责任岗位有问题：%(what)s"))
POSTS_RIGHT = Event("regulation.posts_right", _("责任岗位已经理顺"))
LAPSED = Event("regulation.lapsed", _("有效期届满，已失效"))
TEXT_DRAFTED = Event("regulation_text.drafted", _("起草第 %(edition)s 稿"))
TEXT_AMENDED = Event("regulation_text.amended", _("修改了第 %(edition)s 稿"))
ARTICLE_MATCHED = Event("regulation_text.matched", _("改正了条文的对应"))
COMMENT_OPENED = Event("regulation_text.comment_opened", _("公开征求意见 %(days)s 日"))
COMMENTS_ANSWERED = Event("regulation_text.comments_answered", _("反馈意见采纳情况，送合法性审核"))
SUBMITTED = Event("regulation_text.submitted", _("没有公开征求意见，直接送合法性审核"))
CHECKED = Event("regulation_text.checked", _("合法性审核通过"))
SENT_BACK = Event("regulation_text.sent_back", _("合法性审核退回修改"))
ADOPTED = Event("regulation_text.adopted", _("集体讨论通过"))
REJECTED = Event("regulation_text.rejected", _("集体讨论没有通过"))
PROMULGATED = Event("regulation_text.promulgated", _("公布，自%(day)s起施行"))
TEXT_WITHDRAWN = Event("regulation_text.withdrawn", _("撤回了这个文本"))
COMMENTED = Event("comment.made", _("收到意见"), public=True)
COMMENT_ADDED = Event("comment.added", _("补充了意见"), public=True)
COMMENT_ANSWERED = Event("comment.answered", _("已答复：%(outcome)s"), public=True)
COMMENTER_UNMASKED = Event("comment.unmasked", _("查看了提意见的人：%(fields)s"))

register(
    PROPOSED, ENTERED, IMPORTED, DUTIES_SET, REVISED, DROPPED, ENTERED_FORCE, REVIEWED, FILED, OPINION_RECEIVED,
    OPINION_ANSWERED, IMPLEMENTED, REPEALED, LAPSED, TEXT_DRAFTED, TEXT_AMENDED, ARTICLE_MATCHED, COMMENT_OPENED,
    COMMENTS_ANSWERED, SUBMITTED, CHECKED, SENT_BACK, ADOPTED, REJECTED, PROMULGATED, TEXT_WITHDRAWN, COMMENTED,
    COMMENT_ADDED, COMMENT_ANSWERED, COMMENTER_UNMASKED, POSTS_AT_FAULT, POSTS_RIGHT,
)  # fmt: skip
WHY = {"periodic": _("定期"), "special": _("专项"), "triggered": _("出了问题")}
OUTCOME = {"keep": _("继续有效"), "revise": _("修订"), "repeal": _("废止")}
FAULTS = {"vacant": _("有岗位无人负责"), "two_in_one": _("同一岗位既决策又执行或者监督")}
register_words([POSTS_AT_FAULT], {"what": FAULTS})
register_words([REVIEWED], {"why": WHY, "outcome": OUTCOME})
register_words([COMMENT_ANSWERED], {"outcome": {"adopted": _("采纳"), "partly": _("部分采纳"), "not": _("未采纳")}})
register_words([COMMENTER_UNMASKED], {"fields": IDENTITY_LABELS})
