"""The models of filings, people complained about, letters and ratings, for records of every kind."""

from citizens.models.complained import Complained as Complained
from citizens.models.complained import ComplainedKind as ComplainedKind
from citizens.models.filings import Filing as Filing
from citizens.models.filings import IdempotencyKey as IdempotencyKey
from citizens.models.filings import Representative as Representative
from citizens.models.filings import TellBy as TellBy
from citizens.models.notifications import CitizenNotification as CitizenNotification
from citizens.models.notifications import NotificationState as NotificationState
from citizens.models.ratings import Rating as Rating
