"""What a cancellation may not leave half done."""

from __future__ import annotations

import asyncio
from typing import TypeVar

T = TypeVar("T")


async def to_its_end(task: asyncio.Task[T]) -> T:
    """Wait until a task is done, and only then let a cancellation through."""
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as cancellation:
            cancelled = cancellation
    result = task.result()
    if cancelled is not None:
        raise cancelled
    return result
