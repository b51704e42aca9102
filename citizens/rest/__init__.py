"""REST for citizens and the channels that serve them."""
