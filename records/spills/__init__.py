"""Spills (泄密处置): a record that may hold secrets disappears at once, until the secrecy organ has decided."""
