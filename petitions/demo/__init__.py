"""The demo's petitions: those of petitions.toml, and those that grow.py makes from themes, over ninety days."""
