"""The demo's regulations: what the fictional city has made, and how far each has come."""
