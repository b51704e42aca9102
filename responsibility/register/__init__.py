"""Loads the register: regions, organs, posts, people and who holds which post, as an operator writes them in one
file."""
