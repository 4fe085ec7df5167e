"""What is proven, one story a file: each step is a function of the stage that returns its figures."""
