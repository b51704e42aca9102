"""What is put on record about repairs."""

from audit.events import Event

ENTERED = Event("repair.entered", "报修")
MENDED = Event("repair.mended", "修好了")
CHECKED = Event("repair.checked", "验收")
EVENTS = (ENTERED, MENDED, CHECKED)
