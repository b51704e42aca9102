"""Telling petitioners (告知): each letter as a record of its own, what can happen to it, and the bulk act."""
