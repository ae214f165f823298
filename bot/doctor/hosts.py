"""The hosts of models and pictures: the key and its credit, and whether they serve what the catalogue names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.doctor.asking import Asking, NoAnswer
from bot.doctor.findings import Finding, bad, ok, skipped, warn
from bot.models.endpoints import Endpoint
from bot.models.json_values import as_list, as_number, as_table, as_text
from bot.models.model import Model

KEY, MODELS, IMAGE_MODEL = "Key and credit", "Models", "Image model"

LITTLE_CREDIT_USD = 1.0
DAYS_BEFORE_AN_END = 30
_NAMES_AT_MOST = 8


async def check_key(asking: Asking, openrouter: Endpoint) -> list[Finding]:
    """See whether the key is good, and how much it may still spend."""
    answer = await asking.get(_address(openrouter, "/key"), openrouter.authorization, tells_time=True)
    if answer.status == 401:
        to_do = "Make a new key at openrouter.ai/settings/keys and put it into OPENROUTER_API_KEY."
        return [bad(KEY, "OpenRouter refuses OPENROUTER_API_KEY: it is wrong, disabled or expired.", to_do)]
    if answer.status == 402:
        return [bad(KEY, "The account or the key has no credit left.", "Buy credit at openrouter.ai/settings/credits.")]
    if answer.status == 404:
        return [skipped(KEY, "The host at OPENROUTER_BASE_URL does not tell about keys.")]
    if answer.status != 200:
        return [
            bad(KEY, f"OpenRouter answered {answer.said}.", "Try again in a minute, and look at OPENROUTER_BASE_URL.")
        ]
    return [_judge_key(as_table(as_table(answer.body).get("data")))]


def _judge_key(data: Mapping[str, object]) -> Finding:
    used = f"{_usd(data.get('usage'))} used so far"
    left = data.get("limit_remaining")
    raise_it = "Raise the key's limit at openrouter.ai/settings/keys."
    if isinstance(left, int | float) and left <= 0:
        return bad(KEY, f"The key's limit is used up ({used}).", raise_it)
    if ends := _ends_soon(data.get("expires_at")):
        return warn(KEY, f"The key expires on {ends}.", "Make a new one at openrouter.ai/settings/keys in time.")
    if data.get("is_free_tier") is True:
        found = f"No credit was ever bought for this account: only free models answer, 50 times a day ({used})."
        return warn(KEY, found, "Buy credit at openrouter.ai/settings/credits.")
    if isinstance(left, int | float):
        found = f"{_usd(left)} left of the key's limit, {used}."
        return warn(KEY, found, raise_it) if left < LITTLE_CREDIT_USD else ok(KEY, found)
    return ok(KEY, f"The key is good and has no limit, {used}. What the account has left, only its owner sees.")


def _usd(value: object) -> str:
    sum_usd = as_number(value)
    return "an unknown sum" if sum_usd is None else f"${sum_usd:.2f}"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a host serves: when each model ends, by every id that it goes by."""

    ends: Mapping[str, object]

    def serves(self, model_id: str) -> bool:
        """Whether it lists a model, or the one that the model is a variant of."""
        return model_id in self.ends or model_id.partition(":")[0] in self.ends


async def read_listing(asking: Asking, endpoint: Endpoint) -> Listing:
    """Ask a host for its models.

    Raises:
        NoAnswer: it has no list.
    """
    # OpenRouter leaves out what makes pictures unless it is asked for; others know no such question.
    query = {"output_modalities": "all"} if endpoint.is_openrouter else {}
    answer = await asking.get(
        _address(endpoint, "/models"), endpoint.authorization, tells_time=endpoint.is_openrouter, **query
    )
    if answer.status in (401, 403):
        raise NoAnswer(f"refuses the key ({answer.said}); look at {endpoint.key_name}")
    if answer.status != 200:
        raise NoAnswer(f"has no list of its models ({answer.said})")
    entries = [as_table(entry) for entry in as_list(as_table(answer.body).get("data"))]
    names = [
        (as_text(entry.get(key)), entry.get("expiration_date")) for entry in entries for key in ("id", "canonical_slug")
    ]
    return Listing({name: end for name, end in names if name})


def judge_models(check: str, models: Sequence[Model], listing: Listing, address_name: str) -> list[Finding]:
    """Compare models of the catalogue with what their host serves."""
    current = [model for model in models if model.retired is None]
    retired = [model.name for model in models if model.retired is not None]
    missing = [model for model in current if not listing.serves(model.id)]
    ending = [f"{model.name} ({end})" for model in current if (end := _ends_soon(listing.ends.get(model.id)))]
    also = f" Marked as retired: {_names(retired)}." if retired else ""
    if current and len(missing) == len(current):
        return [
            bad(
                check,
                f"None of the catalogue's {len(current)} models is served here.{also}",
                f"Look at {address_name}.",
            )
        ]
    rows = [ok(check, f"{len(current) - len(missing)} models of the catalogue are served.{also}")]
    if missing:
        names = _names([f"{model.name} ({model.id})" for model in missing])
        rows.append(warn(check, f"Not served: {names}.", "Give another id, or `retired`, in MODELS_FILE."))
    if ending:
        rows.append(warn(check, f"Will end soon: {_names(ending)}.", "Choose other models for long rooms."))
    return rows


def judge_image_model(model_id: str, listing: Listing, address_name: str, also: str = "") -> Finding:
    """See whether the model that makes pictures is there, and add what is `also` to be known about it."""
    if listing.serves(model_id):
        return ok(IMAGE_MODEL, f"{model_id} is served.{also}")
    return bad(IMAGE_MODEL, f"{model_id} is not served.", f"Look at IMAGE_MODEL and {address_name}.")


def _address(endpoint: Endpoint, path: str) -> str:
    return endpoint.base_url.rstrip("/") + path


def _ends_soon(value: object) -> str | None:
    """Return the day of an end that is near or past, None for a later one or none."""
    try:
        day = datetime.fromisoformat(as_text(value)).date()
    except ValueError:
        return None
    return day.isoformat() if day <= _today() + timedelta(days=DAYS_BEFORE_AN_END) else None


def _today() -> date:
    return datetime.now(UTC).date()


def _names(names: Collection[str]) -> str:
    shown = ", ".join(list(names)[:_NAMES_AT_MOST])
    more = len(names) - _NAMES_AT_MOST
    return f"{shown} and {more} more" if more > 0 else shown
