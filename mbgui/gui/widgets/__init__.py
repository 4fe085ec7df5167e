"""Views that take records and give intents, one a file."""
