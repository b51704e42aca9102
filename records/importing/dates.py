"""Reads dates as old ledgers write them. Without a zone they mean Asia/Shanghai."""

import re
from datetime import datetime, time

from massline.time import SHANGHAI

WRITTEN = re.compile(
    r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?"
    r"(?:[ T]*(?P<h>\d{1,2})[:：时点](?P<i>\d{1,2})分?(?:[:：]?(?P<sec>\d{1,2})秒?(?:\.\d+)?)?)?"
)
COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:(?P<h>\d{2})(?P<i>\d{2})(?P<sec>\d{2})?)?")
DAY_ENDS = time(23, 59, 59)


def moment(text: str, *, ends: bool = False) -> datetime | None:
    """Reads the instant that is meant; None when it cannot be read. A bare day is its first moment, or (`ends`) its
    last."""
    text = text.strip()
    found = WRITTEN.fullmatch(text) or COMPACT.fullmatch(text)
    try:
        if found is None:
            read = datetime.fromisoformat(text)
            return read if read.tzinfo else read.replace(tzinfo=SHANGHAI)
        day = datetime(int(found["y"]), int(found["m"]), int(found["d"]), tzinfo=SHANGHAI)
        if found["h"] is None:
            return datetime.combine(day, DAY_ENDS, SHANGHAI) if ends else day
        return day.replace(hour=int(found["h"]), minute=int(found["i"]), second=int(found["sec"] or 0))
    except (ValueError, OverflowError):
        return None
