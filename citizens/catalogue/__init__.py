"""Public lists that everybody may read without signing in."""
