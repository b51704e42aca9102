"""The models of petitions: the petition, its demand, its answers, and the register of transfers."""

from petitions.models.answers import Answer as Answer
from petitions.models.answers import Outcome as Outcome
from petitions.models.answers import RatedObject as RatedObject
from petitions.models.answers import TextKind as TextKind
from petitions.models.petition import ENTERED_CHANNELS as ENTERED_CHANNELS
from petitions.models.petition import FINAL as FINAL
from petitions.models.petition import GROUP as GROUP
from petitions.models.petition import MAX_PERSONS as MAX_PERSONS
from petitions.models.petition import OPEN as OPEN
from petitions.models.petition import SEEN as SEEN
from petitions.models.petition import Channel as Channel
from petitions.models.petition import Demand as Demand
from petitions.models.petition import Petition as Petition
from petitions.models.petition import Purpose as Purpose
from petitions.models.petition import State as State
from petitions.transfers.models import Transfer as Transfer
