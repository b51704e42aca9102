"""REST of every kind of record, made from its declaration."""
