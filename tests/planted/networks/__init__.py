"""The networks as code of a user's: one file a framework, `net(plant=NAME)` builds each."""
