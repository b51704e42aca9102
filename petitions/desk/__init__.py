"""Petitions on the officials' desk: their declaration, lists, pages, REST and files."""
