"""Public lists that every visitor may read without signing in."""
