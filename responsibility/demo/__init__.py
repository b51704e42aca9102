"""The demo: an invented city, its people, and what happens there, played in the order of time.

The city is in city.toml; what happens to the records of a mechanism is told by its own story (stories.py).
"""
