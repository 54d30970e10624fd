"""Why an import, or one of its files, goes no further.

ImportFailed
├── NothingToImport     no file of a known name
├── FileRefused         one file cannot be read; the others still go
└── DatabaseChanged     someone else wrote the same rows meanwhile
"""

from __future__ import annotations


class ImportFailed(Exception):
    """The import stopped and nothing was written; the text says why and what to do."""


class NothingToImport(ImportFailed):
    """The source holds no file with a known name."""


class FileRefused(ImportFailed):
    """One file cannot be read at all. Caught by the import, which goes on with the others."""


class DatabaseChanged(ImportFailed):
    """Rows that the import was about to write were written by someone else meanwhile."""
