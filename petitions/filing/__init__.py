"""How petitions come in: filed by citizens, or entered by the officials who received them."""
