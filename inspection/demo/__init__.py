"""The demo's tasks: what was ordered in the invented city, and how far it has come."""
