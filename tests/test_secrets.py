"""No secret comes into a log, an error, a metric or the title of a process: read in a server that runs."""

from contextlib import suppress
from pathlib import Path

from api.logs import blotted
from tests.separate import live

SECRET = "Q7secretSECRETsecret0123456789abcdefABCDEF-_x"
TOKEN = f"ksh_0123456789ab_{SECRET}"


def test_a_served_run_tells_no_secret(tmp_path):
    with live(tmp_path) as service:
        real = service.token.removeprefix("Bearer ")
        told = [
            service.send("GET", "/api/v1/entities/tool/none", authorization=f"Bearer {TOKEN}"),
            service.send("GET", f"/api/v1/search?q=x&access_token={TOKEN}"),
            service.send("GET", f"/api/v1/search?token={TOKEN.replace('_', '%5F')}"),
            service.send("GET", f"/api/v1/search?q=x&api_key={SECRET}&password={SECRET}"),
            service.send("GET", f"/api/v1/queries/{TOKEN}"),
            service.send("GET", f"/{TOKEN}"),
            service.send("GET", f"/sparql?query=SELECT+*+{{}}&token={TOKEN}"),
            service.send("POST", "/sparql/update", b"garbage " + TOKEN.encode(), authorization=f"Bearer {real}"),
            service.send("DELETE", f"/graphs?graph=http://example.org/{TOKEN}", authorization=f"Bearer {real}"),
            service.send("PUT", "/api/v1/entities/tool/x", b"{", content_type="application/json",
                         authorization=f"Bearer {real}"),
            service.send("POST", "/api/v1/feedback", b'{"iri": "x"}', authorization=f"Basic {SECRET}"),
        ]  # fmt: skip
        assert all(it.status < 500 for it in told), [it.status for it in told]
        titles = titles_of_processes()
        metrics = service.send("GET", "/metrics").body.decode()
    written = (tmp_path / "log").read_text("utf-8", "replace")
    assert "/sparql/update" in written, "the log of the server was not read"
    real_secret = real.split("_", 2)[2]
    for secret in (SECRET, real_secret):
        assert secret not in written
        assert secret not in titles
        assert secret not in metrics
        assert all(secret not in it.body.decode("utf-8", "replace") for it in told)
    held = b"".join(it.read_bytes() for it in (tmp_path / "kesher").rglob("*") if it.is_file())
    assert real_secret.encode() not in held


def titles_of_processes() -> str:
    """What `ps` shows of every process."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended
            found.append(place.read_bytes())
    assert found, "this needs /proc"
    return b"\n".join(found).decode("utf-8", "replace")


def test_what_looks_like_a_secret_is_blotted_out():
    for text in (
        TOKEN,
        f"Authorization: Bearer {SECRET}",
        f"authorization=Basic {SECRET}",
        f"a?x=1&token={SECRET}&y=2",
        f'{{"api_key": "{SECRET}"}}',
        f"{{'password': '{SECRET}'}}",
        f"client-secret={SECRET}",
    ):
        assert SECRET not in blotted(text)
    for text in ("q=token of respect", "the secret garden", "/api/v1/search?q=authorization", "שלום"):
        assert blotted(text) == text
