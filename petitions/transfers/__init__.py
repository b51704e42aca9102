"""The transfer of accusations (检举控告) found in petitions, letters, visits and calls: handed over, never handled
here."""
