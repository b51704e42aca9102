"""Judges files that people send: what they are, whether they may be kept, and as what. Knows no mechanism.

`process` is what a program calls: each file is judged in a process of its own, without Django, environment or network
addresses, with limits of time and memory. `judge` and what it imports (`kinds`, `pdf`, `office`, …) run there only.
"""
