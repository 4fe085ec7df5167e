"""How a model is read and run; imported by the child process only."""
