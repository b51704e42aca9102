"""The import of an existing ledger: reads sheets, matches columns, checks rows one by one and enters the valid ones."""
