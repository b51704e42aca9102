"""Repairs (报修): a complete mechanism that no office has, as small as one can be, to try what all kinds share."""
