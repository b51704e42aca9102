"""Takes over an office's list of the regulations that are in force."""
