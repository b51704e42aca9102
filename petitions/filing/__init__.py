"""Filing petitions: by citizens themselves, or by the officials who received them."""
