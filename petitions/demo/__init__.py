"""The demo's petitions: those of petitions.toml, and those that grow.py makes of themes, over ninety days."""
