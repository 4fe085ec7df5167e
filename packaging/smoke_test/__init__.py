"""The smoke test of the packaged app: starts it as a user would, and looks at it from outside only."""
