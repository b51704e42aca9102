"""Petitions on the officials' desk: their declaration, and what lists, pages, REST and files show of them."""
