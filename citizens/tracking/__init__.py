"""How citizens follow what they filed: one box for number and code, and the page of their own record."""
