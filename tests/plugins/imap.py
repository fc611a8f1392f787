"""A real IMAP server on the loopback, to which calendar programs "send" their answers: Debian's dovecot, started for
this test process, in a folder of its own, as this user.

    def test_...(replies): replies.deliver(answers.outlook(uid, "sule@zorg.example")); ...; replies.unread()

As root, dovecot keeps the mail as `nobody`: it reads nobody's mail as root. Needs dovecot-imapd; without it the tests
that use this fail and say so (tools/test-tools.sh installs it).
"""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugins.mail import free_port

SECONDS_TO_START = 20
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
NEEDS = "The tests of replies need Debian's dovecot: sudo apt-get install dovecot-imapd"

OF_2_3 = """
mail_location = maildir:{home}/%u
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={home}/%u
}}
"""
OF_2_4 = """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
mail_driver = maildir
mail_path = {home}/%{{user}}
ssl_server_cert_file = {folder}/cert.pem
ssl_server_key_file = {folder}/key.pem
auth_allow_cleartext = yes
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = {owner}
    gid = {group}
    home = {home}/%{{user}}
  }}
}}
"""
OF_ALL = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""
AS_ORDINARY_USER = """
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
"""


class ReplyServer:
    """A running dovecot. Every mailbox has the same password."""

    def __init__(self) -> None:
        # Not pytest's own folder: whom dovecot becomes may not look into that of root.
        self.folder = Path(tempfile.mkdtemp(prefix="leerkring-imap-"))
        self.port, self.tls_port = free_port(), free_port()
        self.password = secrets.token_hex(8)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def certificate(self) -> Path:
        """What vouches for the server; nobody else trusts it."""
        return self.folder / "cert.pem"

    def start(self) -> None:
        program = shutil.which("dovecot", path=PATH)
        if program is None:
            pytest.fail(NEEDS)
        self.folder.chmod(0o755)
        self._make_certificate()
        (self.folder / "dovecot.conf").write_text(self._configuration(program))
        self.process = subprocess.Popen([program, "-F", "-c", self.folder / "dovecot.conf"])
        deadline = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                imaplib.IMAP4("127.0.0.1", self.port, timeout=5).logout()
                return
            except (OSError, imaplib.IMAP4.error):
                if time.monotonic() > deadline or self.process.poll() is not None:
                    log = self.folder / "log"
                    pytest.fail(f"dovecot did not start:\n{log.read_text() if log.exists() else 'it said nothing'}")
                time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make_certificate(self) -> None:
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        made += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"]
        subprocess.run(made, cwd=self.folder, check=True, capture_output=True)

    def _configuration(self, program: str) -> str:
        version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
        is_root = os.geteuid() == 0
        keeper = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.geteuid())
        home = self.folder / "mail"
        home.mkdir()
        os.chown(home, keeper.pw_uid, keeper.pw_gid)
        text = (OF_2_3 if version.startswith("2.3") else OF_2_4) + OF_ALL + ("" if is_root else AS_ORDINARY_USER)
        return text.format(
            folder=self.folder,
            home=home,
            password=self.password,
            port=self.port,
            tls_port=self.tls_port,
            owner=keeper.pw_uid,
            user=keeper.pw_name,
            group=keeper.pw_gid if is_root else grp.getgrgid(keeper.pw_gid).gr_name,
        )


class Replies:
    """One mailbox of the server, new for every test: `user` and `password` open it."""

    def __init__(self, server: ReplyServer) -> None:
        self.server = server
        self.user = f"trainingen-{secrets.token_hex(4)}"
        self.password = server.password
        self._imap = imaplib.IMAP4("127.0.0.1", server.port, timeout=10)
        self._imap.login(self.user, self.password)

    def deliver(self, *messages: bytes, folder: str = "INBOX") -> None:
        """Puts messages in the mailbox, unread, as a mail server does when they arrive."""
        for message in messages:
            status, said = self._imap.append(folder, "", imaplib.Time2Internaldate(time.time()), message)
            assert status == "OK", said

    def make_folder(self, name: str) -> None:
        assert self._imap.create(name)[0] == "OK"

    def subjects(self, criterion: str = "ALL") -> list[str]:
        """The subjects of the messages that are there, in order of arrival."""
        self._imap.select("INBOX", readonly=True)
        found = self._imap.search(None, criterion)[1][0].split()
        fetched = [self._imap.fetch(number, "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1][0] for number in found]
        self._imap.close()
        return [part[1].decode().removeprefix("Subject:").strip() for part in fetched if isinstance(part, tuple)]

    def unread(self) -> list[str]:
        return self.subjects("UNSEEN")

    def begin_anew(self) -> None:
        """A mailbox that was thrown away and made again: the server numbers its messages anew (UIDVALIDITY)."""
        shutil.rmtree(self.server.folder / "mail" / self.user)
        self.close()
        # The server names its count after the second in which it began.
        time.sleep(1.1)
        self._imap = imaplib.IMAP4("127.0.0.1", self.server.port, timeout=10)
        self._imap.login(self.user, self.password)

    def close(self) -> None:
        self._imap.logout()


@pytest.fixture(scope="session")
def reply_server() -> Iterator[ReplyServer]:
    """The IMAP server of this test process."""
    server = ReplyServer()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def replies(reply_server: ReplyServer) -> Iterator[Replies]:
    """An empty mailbox, of which the portal may read the answers."""
    mailbox = Replies(reply_server)
    yield mailbox
    mailbox.close()
