"""How citizens file: forms, pages, proof of work, and the receipt that they get."""
