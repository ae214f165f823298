"""What holds for all tests."""

from __future__ import annotations

import gc


def pytest_collection_finish() -> None:
    """Let collections pass over the thousands of tests, and what they import: all of it stays to the end."""
    gc.freeze()
