"""The roles that acts on regulations and texts allow, and the rules under which these owe."""

from institutions.models import RegulationKind, RegulationRole
from records.models import RecordRole

TO_PUBLISH = "GK01"
TO_COMMENT = "DM01"
TO_FILE = {RegulationKind.RULE: "IN01", RegulationKind.NORMATIVE: "IN04", RegulationKind.PARTY: "IN05"}
"""By kind, the rule under which what was promulgated is filed (报送备案); an internal rule is not."""
TO_ANSWER_FILING, TO_REVIEW, TO_IMPLEMENT, TO_ANSWER, TO_CHECK = "IN02", "IN10", "IN11", "IN12", "IN13"

TO_FILL_POSTS = "IN17"

DRAFTERS = frozenset({RegulationRole.MEMBER, RegulationRole.OWNER})
LEADERS = frozenset({RecordRole.LEADER})
OFFICE = frozenset({RecordRole.OFFICE})
READERS = frozenset({RecordRole.READER})
BY_SYSTEM = frozenset({RegulationRole.SYSTEM})
DREW_UP = ("draft", "amend", "match")
"""What drafters do: whoever did one of these on a text never checks its legality."""
