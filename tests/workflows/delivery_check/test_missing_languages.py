"""An account gets its member's language once Moodle has the language pack."""

from __future__ import annotations

from tests.support.job_environment import JobEnvironment, person
from tests.support.job_fixtures import BuildEnvironment
from tests.support.sandbox_server import SandboxServer
from tests.workflows.delivery_check.test_lost_deliveries import check


def language(env: JobEnvironment, number: str) -> str:
    return str(env.site.one("SELECT lang FROM user WHERE id = ?", env.user(number)))


def sign_up_without_the_pack(env: JobEnvironment) -> None:
    env.site.switch("frenchpack", on=False)
    env.apply()
    env.sign_up(person(1, language="fr"), person(2, language="en"))
    env.deliver()
    assert (language(env, "N1"), language(env, "N2")) == ("en", "en")


def install_the_pack(env: JobEnvironment) -> int:
    env.site.switch("frenchpack", on=True)
    corrections = check(env).corrections
    env.deliver()
    return corrections


def test_the_language_follows_the_pack(env: JobEnvironment) -> None:
    sign_up_without_the_pack(env)
    assert check(env).corrections == 0, "nothing to write while the pack is missing"
    assert install_the_pack(env) == 1
    assert (language(env, "N1"), language(env, "N2")) == ("fr", "en")
    assert env.states("profile") == {"done": 1}
    assert check(env).corrections == 0, "written once"


def test_the_language_follows_the_pack_without_the_companion(
    build: BuildEnvironment, bare_sandbox_server: SandboxServer
) -> None:
    env = build(bare_sandbox_server)
    sign_up_without_the_pack(env)
    assert install_the_pack(env) == 1
    assert language(env, "N1") == "fr"


def test_a_language_that_the_member_chose_in_moodle_stays(env: JobEnvironment) -> None:
    sign_up_without_the_pack(env)
    env.site.do("UPDATE user SET lang = 'es' WHERE id = ?", env.user("N1"))
    assert install_the_pack(env) == 1
    assert language(env, "N1") == "es"
    assert check(env).corrections == 0, "not asked again"


def test_an_account_that_was_found_keeps_its_language(env: JobEnvironment) -> None:
    env.site.switch("frenchpack", on=False)
    env.apply()
    env.site.account("ada", "m1@example.org")
    env.sign_up(person(1, language="fr"))
    env.deliver()
    assert install_the_pack(env) == 0
    assert language(env, "N1") == "en"


def test_a_member_without_a_language_gets_the_account_with_their_email(env: JobEnvironment) -> None:
    env.apply()
    user = env.site.account("ada", "m1@example.org")
    env.sign_up(person(1, language=""))
    env.deliver()
    assert env.user("N1") == user
