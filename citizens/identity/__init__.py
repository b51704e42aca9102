"""Who citizens are: sealed, masked, unmasked with a reason, and found by exactly one fact."""
