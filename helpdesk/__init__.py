"""A support desk where the assistant answers first and people take over.

Nothing is imported here: the first command runs before any package is installed.
"""

__version__ = "0.1.0"
