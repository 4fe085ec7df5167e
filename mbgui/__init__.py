"""Compare a PyTorch model and a TensorFlow/Keras model, with evidence."""

__version__ = "0.1.0"
