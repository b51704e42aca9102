"""Filing by citizens: forms, pages, proof of work, and the receipt."""
