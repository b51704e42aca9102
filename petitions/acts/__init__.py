"""What can happen to a petition: every act, from which state to which, by whom, and what follows."""

from petitions.acts.citizen import CITIZEN_ACTS as CITIZEN_ACTS
from petitions.acts.official import OFFICIAL_ACTS as OFFICIAL_ACTS
