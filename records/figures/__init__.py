"""Figures of a kind: named indicators, each with its cohort, its formula and the list behind every number."""
