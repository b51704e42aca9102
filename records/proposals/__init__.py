"""Proposals (提请): an official who may not open a record of another kind asks the organ that can."""
