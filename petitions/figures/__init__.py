"""The figures of petition work: indicators, and the weekly bulletin."""
