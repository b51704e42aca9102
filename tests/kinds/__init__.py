"""Kinds of record that no app of massline has, with tables of their own, to stand beside the real kinds in tests."""
