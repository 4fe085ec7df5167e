"""What is in a file with a model or its weights, found without executing anything of it."""
