"""Settings: what is wrong stops the start and is named."""

import pytest

from portal.config import ConfigurationError, Settings

PRODUCTION = {
    "PORTAL_ENV": "production",
    "PORTAL_SECRET_KEY": "k" * 32,
    "PORTAL_BASE_URL": "https://leerkring.example",
    "PORTAL_MAIL_SERVER": "mail.example",
}


def test_without_any_variable_it_is_a_demo_on_an_embedded_database() -> None:
    settings = Settings.from_environ({})

    assert (settings.env, settings.demo, settings.sends_mail, settings.secure) == ("demo", True, False, False)
    assert settings.database_url.startswith("sqlite:////")
    assert settings.database_url.endswith("/instance/portal.sqlite")


def test_production_starts_when_everything_is_given() -> None:
    settings = Settings.from_environ(PRODUCTION)

    assert (settings.demo, settings.sends_mail, settings.secure) == (False, True, True)


@pytest.mark.parametrize("missing", ["PORTAL_SECRET_KEY", "PORTAL_BASE_URL", "PORTAL_MAIL_SERVER"])
def test_production_does_not_start_without(missing: str) -> None:
    environ = {name: value for name, value in PRODUCTION.items() if name != missing}

    with pytest.raises(ConfigurationError, match=f"^The portal cannot start: {missing} must be set"):
        Settings.from_environ(environ)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_ENV", "test"),
        ("PORTAL_MAIL_PORT", "smtp"),
        ("PORTAL_BASE_URL", "leerkring.example"),
        ("PORTAL_BASE_URL", "https://leerkring.example/portal"),
        ("PORTAL_DATABASE_URL", "mysql://localhost/portal"),
        ("PORTAL_SECRET_KEY", "short"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        Settings.from_environ(PRODUCTION | {name: value})


def test_all_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        Settings.from_environ({"PORTAL_ENV": "production", "PORTAL_MAIL_PORT": "smtp"})

    for name in ("PORTAL_MAIL_PORT", "PORTAL_SECRET_KEY", "PORTAL_BASE_URL", "PORTAL_MAIL_SERVER"):
        assert name in str(refusal.value)


def test_a_password_is_not_shown_with_the_settings() -> None:
    assert "hunter2" not in repr(Settings(mail_password="hunter2"))
