"""Comparisons on disk: codec, migrations and the store."""
