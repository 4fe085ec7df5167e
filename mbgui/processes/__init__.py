"""The border between the app and the child process of each side."""
