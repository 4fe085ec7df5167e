"""Read-only Qt item models, one a file."""
