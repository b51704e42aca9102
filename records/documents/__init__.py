"""Documents of records (文书): what a kind declares of them, how they become PDF, and where they are read."""
