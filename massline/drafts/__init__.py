"""Drafts (暂存): what a person typed into a form and has not sent, or sent and was refused.

They lie on the server, each sealed under a random key that only a cookie of the browser holds, and are offered to the
person who opened the form, in that browser, for a day. docs/decisions/2026-11-30-drafts.md says why.
"""
