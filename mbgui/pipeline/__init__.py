"""The one path from a request to the events of a comparison."""
