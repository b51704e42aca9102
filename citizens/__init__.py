"""Citizens: what they file, how they track it, what officials tell them, and who they are."""
