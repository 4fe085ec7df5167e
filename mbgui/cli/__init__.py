"""The terminal: verbs that need neither a display nor Qt."""
