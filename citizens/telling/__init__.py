"""Telling citizens (告知): the letters, their queue, and the ways to tell."""
