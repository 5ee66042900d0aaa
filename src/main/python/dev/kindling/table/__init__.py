"""Where PySpark looks for the Python side of Java's package of this name; import :mod:`kindling` instead."""

from kindling import TableVectorizer, TableVectorizerModel

__all__ = ["TableVectorizer", "TableVectorizerModel"]
