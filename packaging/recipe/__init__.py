"""How the packaged app is built: what goes in, how it is frozen, and what each system needs around it."""
