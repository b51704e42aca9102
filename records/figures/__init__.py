"""Figures of a kind (指标): each with its cohort, its formula and the list behind every number."""
