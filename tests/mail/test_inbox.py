"""The mailbox of replies over IMAP, with a real server: what is read, what is left alone, who is trusted."""

import dataclasses
from datetime import date, timedelta

import pytest

from portal import clock
from portal.config import ConfigurationError, ReplyMailbox, Settings
from portal.mail.inbox import MOST_BYTES, Inbox, InboxFault
from tests import calendar_answers as answers
from tests.plugins.imap import Replies, ReplyServer
from tests.plugins.mail import free_port

YESTERDAY = clock.today() - timedelta(days=1)


@pytest.fixture
def settings(replies: Replies) -> ReplyMailbox:
    return ReplyMailbox("127.0.0.1", replies.server.port, replies.user, replies.password, "off")


@pytest.fixture
def trusting(reply_server: ReplyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the server's certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(reply_server.certificate))


def test_messages_are_listed_in_order_and_reading_marks_none(settings: ReplyMailbox, replies: Replies) -> None:
    replies.deliver(answers.spam(), answers.out_of_office("dewi@zorg.example"))
    with Inbox(settings) as inbox:
        numbers = inbox.list_numbers(after=0, since=YESTERDAY)
        assert [b"WIN!!!" in inbox.read(number) for number in numbers] == [True, False]
        assert inbox.list_numbers(after=numbers[0], since=YESTERDAY) == numbers[1:]
        assert inbox.list_numbers(after=numbers[1], since=YESTERDAY) == []
        assert inbox.list_numbers(after=0, since=date(2999, 1, 1)) == []
        assert inbox.read(numbers[1] + 1) == b""
        assert len(replies.unread()) == 2
        inbox.mark_read(numbers[0])
        assert replies.unread() == ["Automatisch antwoord: afwezig"]


def test_of_what_is_very_large_only_the_beginning_is_read(settings: ReplyMailbox, replies: Replies) -> None:
    replies.deliver(b"Subject: groot\r\n\r\n" + b"x" * 76 * 40_000)
    with Inbox(settings) as inbox:
        (number,) = inbox.list_numbers(after=0, since=YESTERDAY)
        assert len(inbox.read(number)) == MOST_BYTES


def test_another_folder_and_a_name_that_needs_quotes(settings: ReplyMailbox, replies: Replies) -> None:
    replies.make_folder('"De antwoorden"')
    replies.deliver(answers.spam(), folder='"De antwoorden"')
    with Inbox(dataclasses.replace(settings, folder="De antwoorden")) as inbox:
        assert len(inbox.list_numbers(after=0, since=YESTERDAY)) == 1


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_over_tls(settings: ReplyMailbox, replies: Replies, tls: str) -> None:
    replies.deliver(answers.spam())
    port = replies.server.tls_port if tls == "tls" else settings.port
    with Inbox(dataclasses.replace(settings, port=port, tls=tls)) as inbox:
        assert inbox.list_numbers(after=0, since=YESTERDAY) == [1]


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_server_that_nobody_vouches_for_gets_no_password(settings: ReplyMailbox, replies: Replies, tls: str) -> None:
    port = replies.server.tls_port if tls == "tls" else settings.port
    with pytest.raises(InboxFault, match="certificate verify failed"):
        Inbox(dataclasses.replace(settings, port=port, tls=tls))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password": "fout"}, "AUTHENTICATIONFAILED"),
        ({"folder": "Bestaat niet"}, "SELECT"),
        ({"port": free_port()}, "ConnectionRefusedError"),
    ],
)
def test_what_goes_wrong_is_one_fault_in_the_servers_words(
    settings: ReplyMailbox, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(InboxFault, match=said):
        Inbox(dataclasses.replace(settings, **changes))  # type: ignore[arg-type]


def test_settings_that_are_wrong_are_named() -> None:
    given = {"PORTAL_IMAP_HOST": "imap.example", "PORTAL_IMAP_TLS": "misschien", "PORTAL_IMAP_FOLDER": "a\r\nb"}
    with pytest.raises(ConfigurationError) as wrong:
        Settings.from_environ(given | {"PORTAL_IMAP_PORT": "veel"})
    for name in ("USERNAME", "PASSWORD", "TLS", "FOLDER", "PORT"):
        assert f"PORTAL_IMAP_{name}" in str(wrong.value)


def test_without_a_host_nothing_is_read_and_the_password_is_never_shown() -> None:
    assert not Settings.from_environ({}).reads_replies
    given = {"PORTAL_IMAP_HOST": "imap.example", "PORTAL_IMAP_USERNAME": "wij", "PORTAL_IMAP_PASSWORD": "geheim"}
    settings = Settings.from_environ(given)
    assert settings.reads_replies
    assert settings.reply_mailbox == ReplyMailbox("imap.example", 993, "wij", "geheim")
    assert "geheim" not in repr(settings)
