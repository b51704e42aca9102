"""What happens to remarks."""

from audit.events import Event

MADE = Event("remark.made", "收到意见", public=True)
ANSWERED = Event("remark.answered", "%(organ)s已回复", public=True)
ADDED = Event("remark.added", "补充了意见", public=True)
ASKED = Event("remark.asked", "问了一句", public=True)
UNMASKED = Event("remark.unmasked", "查看了身份：%(fields)s")
EVENTS = (MADE, ANSWERED, ADDED, ASKED, UNMASKED)
