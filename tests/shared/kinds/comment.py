"""Comments (公众意见) of citizens on a draft of the department, and who is what to one."""

from types import SimpleNamespace
from typing import Any

from institutions.acts.comments import COMMENT_ACTS
from institutions.models.comment import Comment
from massline.acts import perform
from records.models import Publication
from records.publishing.acts import PUBLICATION_ACTS
from tests.institutions_lab import add_legal_office, ago, does, proposed, published, text_of
from tests.secrecy_lab import CLEARED
from tests.shared.from_outside import filed
from tests.shared.kinds import ADMINISTRATIONS, NOTHING, Case, Given, Plays

ALL = ("received", "answered")
FILING = {
    "article": "第二条",
    "body": "三日太久了。",
    "citizen": {"name": "宋试民", "phone": "13900000000"},
}
INPUT = {
    "answer": {"outcome": "partly", "reason": "三日内修好已写入第二条"},
    "propose_publication": {
        "title": "楼道照明管理办法",
        "regulation": "ZD1",
        "comment": "期限太长",
        "outcome": "部分采纳",
        "answer": "已写入",
    },
    "add": {"text": "周末也没有人修。"},
    "unmask": {"fields": ["phone"], "reason": "电话联系，核对是哪个楼道"},
}
READER, MEMBER = Plays("reader"), Plays("member")
CAST = {
    "citizen": (Plays("citizen"),),
    "another_citizen": NOTHING,  # who has the code of another comment
    "leader": (READER, MEMBER, Plays("leader")),
    "deputy": (READER, MEMBER, Plays("deputy")),
    **dict.fromkeys(("handler", "colleague", "receiver"), (READER, MEMBER)),
    **dict.fromkeys(("mayor", "secretary"), (READER,)),
    "inspector": (Plays("inspector"),),
    "auditor": (Plays("auditor"),),
    **dict.fromkeys(("clerk", "other_leader", "district_chief", "legal"), NOTHING),
    **dict.fromkeys(ADMINISTRATIONS, NOTHING),
}


def with_draft(city: SimpleNamespace) -> SimpleNamespace:
    """The city with one draft that is open for comment for months, so that no sweep changes what is seen of it."""
    if not hasattr(city, "draft"):
        add_legal_office(city)
        text = does(city, text_of(proposed(city, ago(20))), "receiver", "open_comment", at=ago(10), days=180)
        published(city, text, at=ago(5))
        city.draft = text
    return city


def comment(city: SimpleNamespace, state: str = "received", **more: Any) -> Any:
    """One on the second article, answered by the receiver."""
    made = filed(Comment.KIND, FILING | {"draft": with_draft(city).draft.number} | more)
    if state == "answered":
        perform(COMMENT_ACTS["answer"], Comment, made.pk, city.receiver, INPUT["answer"])
    made.refresh_from_db()
    return made


def publish(city: SimpleNamespace, made: Comment) -> None:
    """One post proposes it, and another clears it."""
    perform(COMMENT_ACTS["propose_publication"], Comment, made.pk, city.handler, INPUT["propose_publication"])
    found = Publication.objects.about(Comment.KIND, made.pk).latest("pk")
    perform(PUBLICATION_ACTS["clear"], Publication, found.pk, city.secrecy, CLEARED)


GIVEN = Given(
    cases={"ordinary": Case(CAST, ALL, comment)},
    input=INPUT,
    words={"any": ALL},
    filing=FILING,
    city=with_draft,
    publish=publish,
    hidden={"outsiders": lambda city: comment(city, body="强拆以后楼道没有灯")},
)
