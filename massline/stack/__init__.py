"""The embedded stack: everything that `make up` starts, and nothing that the application needs to know.

    home.py       MASSLINE_HOME: folders, secrets, the lock, what is left for neighbours
    process.py    child processes that never outlive us
    postgres.py   embedded PostgreSQL            database.py   its roles and databases
    valkey.py     embedded broker
    up.py         the order in which all of it starts and stops

It reads no Django settings: it runs before there are any.
"""


class Trouble(Exception):
    """Something is missing or in the way. The message is one plain sentence for the operator."""


OF_ANOTHER_VERSION = 3
"""The exit code of a command that refuses a database of another version (massline/versions.py)."""
