"""The demo: an invented city, and sixty days of its petitions played through the same acts as everybody's."""
