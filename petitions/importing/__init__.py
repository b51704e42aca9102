"""Taking over an existing ledger: sheets are read, columns matched, rows judged one by one; what is sound comes in."""
