"""Comparisons as text: tables of rows, then Markdown, HTML or CSV."""
