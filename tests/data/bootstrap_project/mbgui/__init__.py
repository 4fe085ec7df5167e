"""Stands for the real package."""
