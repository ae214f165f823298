"""What all entries share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """What all entries share: frozen, and tolerant of fields that a later version has added."""

    model_config = ConfigDict(frozen=True, extra="ignore")
