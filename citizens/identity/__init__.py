"""The identity of citizens: sealed, masked, unmasked with a reason, and searched by exactly one fact."""
