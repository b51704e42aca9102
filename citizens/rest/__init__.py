"""The REST addresses for citizens and for channels that serve them."""
