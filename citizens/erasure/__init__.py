"""Erasing what a person gave, wherever it lies."""
