"""Tracking: the box for number and code, and the page of a citizen's own record."""
