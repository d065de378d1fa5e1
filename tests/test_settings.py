import re
from pathlib import Path

import pytest

from api.settings import Settings, load_settings, unknown_variables, variable, without_password
from ontology.errors import Misconfigured

CONTRACT = (
    "DATA BASE_IRI HOST PORT MODEL GRAPH_QUERY_URL GRAPH_UPDATE_URL QDRANT_URL SPARQL_TIMEOUT_S SPARQL_WORKERS "
    "INDEX LINKING SPARQL_BUDGET_S SPARQL_STRICT MAX_UPLOAD_MB TRUSTED_PROXIES SHARED REQUESTS_A_MINUTE "
    "JOB_QUEUE JOB_QUEUE_CLIENT JOB_DAYS DISK_RESERVE_MB TOKEN"
)


def test_the_settings_are_those_of_the_contract():
    assert {variable(name) for name in Settings.model_fields} == {f"KESHER_{name}" for name in CONTRACT.split()}


def test_every_setting_says_what_it_means():
    assert all(len(field.description or "") > 15 for field in Settings.model_fields.values())


def test_defaults_need_no_environment(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    settings = load_settings()
    assert settings.data == Path(".kesher")
    assert settings.base_iri == "https://w3id.org/kesher/"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)


def test_the_environment_is_read_and_an_empty_value_is_no_value(monkeypatch):
    monkeypatch.setenv("KESHER_DATA", "/data")
    monkeypatch.setenv("KESHER_SPARQL_TIMEOUT_S", "2.5")
    monkeypatch.setenv("KESHER_QDRANT_URL", "")
    settings = load_settings()
    assert (settings.data, settings.sparql_timeout_s, settings.qdrant_url) == (Path("/data"), 2.5, None)


def test_a_password_in_an_address_is_never_shown(monkeypatch):
    monkeypatch.setenv("KESHER_GRAPH_QUERY_URL", "https://dana:secret@example.org/query?x=a@b")
    settings = load_settings()
    assert "secret" in (settings.graph_query_url or "")
    assert settings.shown_store == "https://example.org/query?x=a@b"
    assert "secret" not in repr(settings)
    monkeypatch.setenv("KESHER_GRAPH_QUERY_URL", "ftp://dana:secret@example.org/")
    with pytest.raises(Misconfigured) as refused:
        load_settings()
    assert "ftp://example.org/" in refused.value.message
    assert "secret" not in refused.value.message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KESHER_PORT", "eighty"),
        ("KESHER_SPARQL_WORKERS", "0"),
        ("KESHER_BASE_IRI", "https://example.org/no-slash"),
        ("KESHER_QDRANT_URL", "ftp://example.org"),
        ("KESHER_TRUSTED_PROXIES", "10.0.0.1, not-an-address"),
    ],
)
def test_a_bad_value_is_refused_by_name(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured, match=re.escape(f"{name} is '{value}'")):
        load_settings()


def test_a_token_is_never_shown(monkeypatch):
    monkeypatch.setenv("KESHER_TOKEN", "ksh_secret")
    settings = load_settings()
    assert settings.token is not None
    assert settings.token.get_secret_value() == "ksh_secret"
    assert "secret" not in f"{settings!r} {without_password(settings.token)}"


def test_settings_are_frozen():
    with pytest.raises(ValueError, match="frozen"):
        load_settings().port = 1


def test_a_misspelt_setting_is_noticed(monkeypatch):
    monkeypatch.setenv("KESHER_DTAA", "x")
    assert "KESHER_DTAA" in unknown_variables()
