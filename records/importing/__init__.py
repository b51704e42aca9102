"""Taking over rows that were kept elsewhere, of any kind of record: sheets, jobs, rejected rows."""
