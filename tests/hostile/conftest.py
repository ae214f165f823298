"""Fixtures of the hostile tests."""

from tests.end_to_end.conftest import stage

__all__ = ["stage"]
