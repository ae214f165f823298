"""What the scripted OpenRouter says of its key and its models, as OpenRouter words it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.models.catalogue import Catalogue
from bot.settings import Settings

CREATED = 1_790_000_000
"""When every model says that it was made."""


def key_listed(**changes: Any) -> dict[str, Any]:
    """Return what `/key` answers: a key that has spent a quarter of its ten dollars."""
    spent = dict.fromkeys(("usage", "usage_daily", "usage_weekly", "usage_monthly"), 2.5)
    byok = dict.fromkeys(("byok_usage", "byok_usage_daily", "byok_usage_weekly", "byok_usage_monthly"), 0)
    data = {
        "label": "sk-or-v1-abc...def",
        "limit": 10,
        "limit_remaining": 7.5,
        "limit_reset": None,
        "include_byok_in_limit": False,
        "is_free_tier": False,
        "is_management_key": False,
        "is_provisioning_key": False,
        "creator_user_id": None,
        "expires_at": None,
        "rate_limit": {"requests": -1, "interval": "10s", "note": "This field is deprecated"},
        **spent,
        **byok,
    }
    return {"data": {**data, **changes}}


def models_listed(ids: Iterable[str] | None = None, **ends: str) -> dict[str, Any]:
    """Return what `/models` answers: everything that the catalogue and the settings name, unless told which.

    `ends` gives the last days of some, by their ids with `_` for every other sign.
    """
    if ids is None:
        served = [model.id for model in Catalogue.load().models if not model.retired and model.endpoint == "openrouter"]
        ids = [*served, Settings.model_fields["image_model"].default]
    models = [_model(model_id) for model_id in ids]
    for model in models:
        model["expiration_date"] = ends.get("".join(c if c.isalnum() else "_" for c in model["id"]))
    return {"data": models, "links": {"next": None}, "total_count": len(models)}


def _model(model_id: str) -> dict[str, Any]:
    return {
        "id": model_id,
        "canonical_slug": model_id,
        "name": model_id,
        "created": CREATED,
        "description": "",
        "context_length": 100_000,
        "architecture": {
            "modality": "text->text",
            "input_modalities": ["text"],
            "output_modalities": ["text"],
            "tokenizer": "Other",
            "instruct_type": None,
        },
        "pricing": {"prompt": "0.000001", "completion": "0.000002"},
        "top_provider": {"context_length": 100_000, "max_completion_tokens": 8_000, "is_moderated": False},
        "per_request_limits": None,
        "supported_parameters": ["temperature", "max_tokens"],
        "supported_voices": None,
        "default_parameters": None,
        "expiration_date": None,
        "links": {"details": f"/api/v1/models/{model_id}/endpoints"},
    }
