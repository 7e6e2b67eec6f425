"""An email that fails doesn't affect others."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.jobs.tasks import run_deliver
from tests.support.job_environment import JobEnvironment, config_for, person
from tests.workflows.delivery.test_delivery_isolation import error_of, settled


class TestEmails:
    @pytest.fixture
    def french(self, applied: JobEnvironment) -> JobEnvironment:
        """The union's own French template was saved as Latin-1."""
        own = Path("own/mail/fr")
        (applied.folder / own).mkdir(parents=True)
        template = applied.folder / own / "welcome.txt.j2"
        template.write_bytes("{% block subject %}é{% endblock %}".encode("latin-1"))
        applied.config = config_for(applied.folder, applied.site.url, templates=Path("own"))
        return applied

    def test_a_latin_1_template_fails_only_its_language(self, french: JobEnvironment) -> None:
        french.sign_up(*(person(n, language="fr") for n in (1, 2, 3, 4)), person(5, language="en"))
        french.deliver()
        found = settled(french, "welcome")
        assert found.pop("N5")[0] == "done"
        assert {each[:2] for each in found.values()} == {("owed", "configuration")}
        assert "fr/welcome.txt.j2:1: the template cannot be used: it is not saved as UTF-8" in (
            error_of(french, "N1", "welcome")
        )

    def test_an_error_of_the_digests_stops_no_email(
        self, applied: JobEnvironment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def enqueue_digests(*_: object) -> int:
            raise RuntimeError

        sent = []
        monkeypatch.setattr("bridge.jobs.tasks.enqueue_digests", enqueue_digests)
        monkeypatch.setattr("bridge.jobs.tasks.run_outbox", lambda *_, **__: sent.append(1) or {})
        env = applied
        with pytest.raises(RuntimeError):
            run_deliver(env.database, env.moodle, env.config, env.curricula, env.clock)
        assert sent == [1]
