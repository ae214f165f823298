"""The catalogue's files: the one that is shipped, and an operator's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.errors import SettingsError
from bot.models.catalogue import PACKAGED, Catalogue, Temperature
from bot.models.endpoints import Endpoint, EndpointEntry, open_endpoints

SHIPPED = Catalogue.load()


def own(folder: Path, text: str) -> Path:
    path = folder / "models.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_reference_room_and_the_well_known_models_are_there() -> None:
    for name in ("Gemini 3 Flash", "Claude 3 Opus", "DeepSeek R1", "Kimi K2"):
        assert SHIPPED.resolve(name).name == name
    assert 30 <= len(SHIPPED.models) <= 60
    assert all(model.endpoint == "openrouter" for model in SHIPPED.models)
    assert SHIPPED.endpoints["openrouter"].key_env == "OPENROUTER_API_KEY"


def test_claude_3_opus_is_marked_as_retired_with_what_to_take_instead() -> None:
    opus = SHIPPED.resolve("Claude 3 Opus")
    assert opus.retired
    assert all(SHIPPED.resolve(name).retired is None for name in opus.instead)


def test_every_model_leaves_half_of_its_context_for_what_it_is_sent() -> None:
    for model in SHIPPED.models:
        assert 0 < model.answer_tokens <= min(model.max_output_tokens, model.context_tokens // 2)


def test_a_model_that_always_reasons_is_given_room_for_it() -> None:
    assert SHIPPED.resolve("DeepSeek R1").answer_tokens > SHIPPED.resolve("Kimi K2").answer_tokens


@pytest.mark.parametrize(
    ("temperature", "wanted", "sent"),
    [
        (Temperature(high=1), 1.4, 1.0),
        (Temperature(), 1.4, 1.4),
        (Temperature(low=0.5), 0.1, 0.5),
        (Temperature("fixed", default=1), 1.4, None),
        (Temperature("ignored"), 1.4, None),
        (Temperature(default=0.6), None, None),
    ],
)
def test_a_temperature_is_sent_only_where_it_is_heeded(
    temperature: Temperature, wanted: float | None, sent: float | None
) -> None:
    assert temperature.to_send(wanted) == sent


def test_an_own_file_adds_a_model_at_an_own_endpoint(tmp_path: Path) -> None:
    catalogue = Catalogue.load(
        own(
            tmp_path,
            """
            [endpoints.home]
            base_url = "http://127.0.0.1:11434/v1"
            key_env = "HOME_KEY"

            [[models]]
            name = "Home Llama"
            aliases = ["llama at home"]
            id = "llama3.3:70b"
            endpoint = "home"
            temperature = { high = 1.5 }
            """,
        )
    )
    model = catalogue.resolve("LLAMA AT HOME")
    assert (model.name, model.id, model.endpoint) == ("Home Llama", "llama3.3:70b", "home")
    assert model.temperature == Temperature(high=1.5)
    assert catalogue.endpoints["home"] == EndpointEntry("home", "http://127.0.0.1:11434/v1", "HOME_KEY")
    assert len(catalogue.models) == len(SHIPPED.models) + 1


def test_the_example_at_the_top_of_the_shipped_file_works(tmp_path: Path) -> None:
    lines = PACKAGED.read_text("utf-8").splitlines()
    example = "\n".join(line.removeprefix("#     ") for line in lines if line.startswith("#     "))
    model = Catalogue.load(own(tmp_path, example)).resolve("llama at home")
    assert (model.name, model.endpoint, model.instead) == ("Home Llama", "home", ("Kimi K2",))


def test_an_own_file_changes_only_what_it_gives(tmp_path: Path) -> None:
    path = own(tmp_path, '[[models]]\nname = "claude 3 opus"\nid = "claude-3-opus"\nretired = ""\n')
    model, shipped = Catalogue.load(path).resolve("Claude 3 Opus"), SHIPPED.resolve("Claude 3 Opus")
    assert (model.name, model.id, model.retired) == ("Claude 3 Opus", "claude-3-opus", None)
    assert (model.instead, model.context_tokens) == (shipped.instead, shipped.context_tokens)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[models]\n", "not valid TOML"),
        ("models = 3\n", "[[models]]"),
        ("[[model]]\n", "model"),
        ('[[models]]\nid = "x/y"\n', "name"),
        ('[[models]]\nname = "New"\n', 'model "New": id'),
        ('[[models]]\nname = "New"\nid = "x"\ntemprature = 1\n', "temprature"),
        ('[[models]]\nname = "New"\nid = "x"\ntemperature = { high = 3 }\n', "temperature.high"),
        ('[[models]]\nname = "New"\nid = "x"\ntemperature = { low = 2, high = 1 }\n', "low should not be above"),
        ('[[models]]\nname = "New"\nid = "x"\ntemperature = { kind = "fixed" }\n', "say which in default"),
        ('[[models]]\nname = "New"\nid = "x"\nreasoning = "deep"\n', "reasoning"),
        ('[[models]]\nname = "New"\nid = "x"\ncontext_tokens = "many"\n', "context_tokens"),
        ('[[models]]\nname = "New"\nid = "x"\nendpoint = "nowhere"\n', "endpoint should be one of openrouter"),
        ('[[models]]\nname = "New"\nid = "x"\ninstead = ["Nobody"]\n', "instead names Nobody"),
        ('[[models]]\nname = "New"\nid = "x"\naliases = ["Kimi K2"]\n', "Kimi K2 and New"),
        ('[[models]]\nname = "New"\nid = "x"\n[[models]]\nname = "new"\nid = "y"\n', "twice"),
        ('[[models]]\nname = "a \\"quoted\\" one"\nid = "x"\n', "without quotes"),
        ('[endpoints.home]\nbase_url = "http://me:secret@host/v1"\n', "without a user, password"),
        ('[endpoints.home]\nbase_url = "localhost"\n', "should be an address"),
        ('[endpoints.home]\nbase_url = "http://h/v1"\nkey_env = "sk-or-v1-abc"\n', "not the key itself"),
        ('[endpoints.openrouter]\nbase_url = "http://h/v1"\n', "OPENROUTER_BASE_URL"),
    ],
)
def test_a_mistake_in_an_own_file_is_named_with_what_was_expected(tmp_path: Path, text: str, named: str) -> None:
    path = own(tmp_path, text)
    with pytest.raises(SettingsError) as refused:
        Catalogue.load(path)
    assert named in str(refused.value)
    assert "secret" not in str(refused.value)
    assert "sk-or" not in str(refused.value)


def test_a_mistake_in_an_own_file_names_the_file(tmp_path: Path) -> None:
    path = own(tmp_path, '[[models]]\nname = "New"\n')
    with pytest.raises(SettingsError, match=r"models\.toml"):
        Catalogue.load(path)


def test_an_own_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml cannot be read"):
        Catalogue.load(tmp_path / "nowhere.toml")


def test_endpoints_get_their_keys_from_the_environment() -> None:
    openrouter = Endpoint("http://127.0.0.1:1/api/v1", SecretStr("house-key"))
    entries = {
        **SHIPPED.endpoints,
        "home": EndpointEntry("home", "http://127.0.0.1:2/v1"),
        "work": EndpointEntry("work", "http://127.0.0.1:3/v1", "WORK_KEY"),
    }
    opened = open_endpoints(entries, {"WORK_KEY": " work-key\n"}, openrouter)
    assert opened["openrouter"] is openrouter
    assert opened["home"].authorization == {}
    assert opened["work"].authorization == {"Authorization": "Bearer work-key"}


def test_a_key_that_is_named_but_not_set_is_asked_for() -> None:
    entries = {"work": EndpointEntry("work", "http://127.0.0.1:3/v1", "WORK_KEY")}
    with pytest.raises(SettingsError, match="WORK_KEY, which is not set"):
        open_endpoints(entries, {}, Endpoint("http://127.0.0.1:1"))


def test_a_key_stays_out_of_what_is_printed() -> None:
    endpoint = Endpoint("http://127.0.0.1:1", SecretStr("very-secret"))
    assert "very-secret" not in f"{endpoint!r} {endpoint} {endpoint.title} {endpoint.key_name}"


def test_a_key_with_a_line_break_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingsError, match="OPENROUTER_API_KEY") as refused:
        Endpoint("http://127.0.0.1:1", SecretStr("very-secret\nX-Other: 1"))
    assert "very-secret" not in str(refused.value)
