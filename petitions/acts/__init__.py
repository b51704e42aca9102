"""The acts on petitions: each with its states, roles and effects."""

from petitions.acts.citizen import CITIZEN_ACTS as CITIZEN_ACTS
from petitions.acts.official import OFFICIAL_ACTS as OFFICIAL_ACTS
