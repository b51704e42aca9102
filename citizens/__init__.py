"""People who come from outside: what they file, how they follow it, and what they are told."""
