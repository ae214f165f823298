"""Fixtures of the crash tests: the stage of the end-to-end tests."""

from __future__ import annotations

from tests.end_to_end.conftest import stage

__all__ = ["stage"]
