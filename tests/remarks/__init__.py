"""Remarks: a kind that no office has, which citizens file, follow and look up; it shows how little that needs."""
