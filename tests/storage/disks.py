"""Disks for tests: small ones that run out, and ones that may not be written to; only where the machine allows it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

DISK_BYTES = 1024 * 1024


@contextmanager
def a_small_disk(folder: Path, size: int = DISK_BYTES) -> Iterator[Path]:
    """Mount a disk of so many bytes, or skip the test."""
    folder.mkdir()
    if sys.platform != "linux" or not _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)):
        pytest.skip("this machine lets nobody mount a disk here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def make_read_only(disk: Path) -> None:
    """Let nobody write to a mounted disk any more."""
    assert _mount("-o", "remount,ro", str(disk))


def fill(disk: Path) -> Path:
    """Leave no room on a disk; returns the file whose removal makes room."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return filler


def _mount(*arguments: str) -> bool:
    try:
        return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
