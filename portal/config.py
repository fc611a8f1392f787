"""Settings from the environment, as one typed object. A wrong or missing value stops the start and is named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

DEVELOPMENT_KEY = "only-for-demo-and-tests"


class ConfigurationError(Exception):
    """The environment does not describe a portal that can run; the message names every variable that is wrong."""


@dataclass(frozen=True)
class Argon2Cost:
    """Work per password check. The default is OWASP's argon2id advice: 19 MiB, 2 passes, 1 lane (about 24 ms)."""

    time_cost: int = 2
    memory_kib: int = 19 * 1024
    parallelism: int = 1


@dataclass(frozen=True)
class Limits:
    """How often, in the words of the `limits` library; several are joined by ';'. Per visitor's address, and `_typed`
    per e-mail address that is typed. Wide enough for a class of thirty behind one address."""

    sign_in: str = "100 per 5 minutes"
    sign_in_typed: str = "30 per 15 minutes;200 per day"
    mail: str = "60 per 10 minutes"
    mail_typed: str = "8 per 15 minutes;40 per day"
    check: str = "60 per minute"
    enrol: str = "300 per minute;3000 per hour"
    enrolled: str = "60 per 10 minutes"
    join: str = "600 per minute;6000 per hour"
    door: str = "300 per minute"
    letters: str = "120 per 10 minutes"


@dataclass(frozen=True)
class Issuer:
    """Who stands on a certificate as its issuer. The number and the director of the defaults are made up."""

    name: str = "Stichting Eigen Kracht Centrale"
    kvk: str = "00000000 (voorbeeld)"
    crkbo: str = "Geregistreerd in het CRKBO Register Instellingen"
    director: str = "Anneke Voorbeeld"
    place: str = "Zwolle"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Issuer":
        """From PORTAL_ISSUER_NAME, _KVK, _CRKBO, _DIRECTOR and _PLACE."""
        return cls(
            name=environ.get("PORTAL_ISSUER_NAME") or cls.name,
            kvk=environ.get("PORTAL_ISSUER_KVK") or cls.kvk,
            crkbo=environ.get("PORTAL_ISSUER_CRKBO") or cls.crkbo,
            director=environ.get("PORTAL_ISSUER_DIRECTOR") or cls.director,
            place=environ.get("PORTAL_ISSUER_PLACE") or cls.place,
        )


@dataclass(frozen=True)
class ReplyMailbox:
    """Where the answers of calendar programs arrive: the mailbox of PORTAL_MAIL_FROM, over IMAP. Without a host nobody
    reads them. `tls`: 'tls' from the first byte, 'starttls', or 'off'."""

    host: str = ""
    port: int = 993
    username: str = ""
    password: str = field(default="", repr=False)
    tls: str = "tls"
    folder: str = "INBOX"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], wrong: list[str]) -> "ReplyMailbox":
        """From PORTAL_IMAP_HOST, _PORT, _USERNAME, _PASSWORD, _TLS and _FOLDER."""
        return cls(
            host=environ.get("PORTAL_IMAP_HOST", ""),
            port=_whole_number(environ, "PORTAL_IMAP_PORT", cls.port, wrong),
            username=environ.get("PORTAL_IMAP_USERNAME", ""),
            password=environ.get("PORTAL_IMAP_PASSWORD", ""),
            tls=environ.get("PORTAL_IMAP_TLS", "").lower() or cls.tls,
            folder=environ.get("PORTAL_IMAP_FOLDER") or cls.folder,
        )

    def complaints(self, env: str) -> list[str]:
        """As Settings.complaints, for these."""
        wrong: list[str] = []
        if not self.host:
            return wrong
        if not (self.username and self.password):
            wrong.append("PORTAL_IMAP_USERNAME and PORTAL_IMAP_PASSWORD must be set when PORTAL_IMAP_HOST is")
        if self.tls not in ("tls", "starttls", "off"):
            wrong.append(f"PORTAL_IMAP_TLS must be tls, starttls or off, not {self.tls!r}")
        elif env == "production" and self.tls == "off":
            wrong.append("PORTAL_IMAP_TLS must be tls or starttls: else the password goes over the line as it is")
        if any(not sign.isascii() or not sign.isprintable() for sign in self.folder + self.username):
            wrong.append("PORTAL_IMAP_FOLDER and PORTAL_IMAP_USERNAME must be plain letters, digits and signs")
        return wrong


@dataclass(frozen=True)
class PeOnline:
    """PE-online's web service for attendance. Without an address everything is handed over by hand."""

    url: str = ""
    user_id: str = ""
    user_key: str = field(default="", repr=False)
    org_id: str = ""

    @property
    def is_set(self) -> bool:
        """Whether attendance can be sent."""
        return bool(self.url)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "PeOnline":
        """From PORTAL_PE_ONLINE_URL, _USER_ID, _USER_KEY and _ORG_ID."""
        return cls(
            url=environ.get("PORTAL_PE_ONLINE_URL", ""),
            user_id=environ.get("PORTAL_PE_ONLINE_USER_ID", ""),
            user_key=environ.get("PORTAL_PE_ONLINE_USER_KEY", ""),
            org_id=environ.get("PORTAL_PE_ONLINE_ORG_ID", ""),
        )

    def complaints(self) -> list[str]:
        """As Settings.complaints, for these."""
        wrong: list[str] = []
        if not self.url:
            return wrong
        parts = urlsplit(self.url)
        is_near = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
        if not parts.hostname or not (parts.scheme == "https" or is_near) or parts.username or parts.query:
            wrong.append("PORTAL_PE_ONLINE_URL must begin with https:// and hold no name, key or question")
        if not (self.user_id and self.user_key and self.org_id):
            wrong.append(
                "PORTAL_PE_ONLINE_USER_ID, PORTAL_PE_ONLINE_USER_KEY and PORTAL_PE_ONLINE_ORG_ID must be set when"
                " PORTAL_PE_ONLINE_URL is"
            )
        return wrong


@dataclass(frozen=True)
class Settings:
    """Everything that an operator may choose. docs/operations.md lists each with its default."""

    env: str = "demo"
    instance: Path = Path("instance")
    database_url: str = ""
    secret_key: str = DEVELOPMENT_KEY
    base_url: str = "http://127.0.0.1:8000"
    redis_url: str = ""
    evidence_key: Path = Path("instance/keys/evidence.pem")
    mail_server: str = ""
    mail_port: int = 25
    mail_username: str = ""
    mail_password: str = field(default="", repr=False)
    mail_tls: bool = False
    mail_from: str = "Leerkring <trainingen@leerkring.example>"
    office_mail: str = "bureau@leerkring.example"
    reply_mailbox: ReplyMailbox = ReplyMailbox()
    pe_online: PeOnline = PeOnline()
    trusted_proxies: int = 0
    keep_pages: bool = True
    testing: bool = False
    argon2: Argon2Cost = Argon2Cost()
    limits: Limits = Limits()
    issuer: Issuer = Issuer()

    @property
    def demo(self) -> bool:
        return self.env == "demo"

    @property
    def secure(self) -> bool:
        """True when people reach the portal over TLS, so that cookies may insist on it."""
        return self.base_url.startswith("https://")

    @property
    def sends_mail(self) -> bool:
        """False in the demo without a mail server: mail is then kept and read at /demo/post."""
        return bool(self.mail_server)

    @property
    def reads_replies(self) -> bool:
        """Whether what calendar programs answer is read, so that an invitation may ask for it."""
        return bool(self.reply_mailbox.host)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Settings from PORTAL_* variables. Raises ConfigurationError naming every wrong one at once."""
        wrong: list[str] = []
        env = environ.get("PORTAL_ENV", "demo")
        if env not in ("demo", "production"):
            wrong.append(f"PORTAL_ENV must be demo or production, not {env!r}")
        instance = Path(environ.get("PORTAL_INSTANCE", "instance")).resolve()
        settings = cls(
            env=env,
            instance=instance,
            database_url=environ.get("PORTAL_DATABASE_URL") or f"sqlite:///{instance / 'portal.sqlite'}",
            secret_key=environ.get("PORTAL_SECRET_KEY", DEVELOPMENT_KEY),
            base_url=environ.get("PORTAL_BASE_URL", cls.base_url).rstrip("/"),
            redis_url=environ.get("PORTAL_REDIS_URL", ""),
            evidence_key=Path(environ.get("PORTAL_EVIDENCE_KEY") or instance / "keys" / "evidence.pem").resolve(),
            mail_server=environ.get("PORTAL_MAIL_SERVER", ""),
            mail_port=_whole_number(environ, "PORTAL_MAIL_PORT", cls.mail_port, wrong),
            mail_username=environ.get("PORTAL_MAIL_USERNAME", ""),
            mail_password=environ.get("PORTAL_MAIL_PASSWORD", ""),
            mail_tls=_is_on(environ, "PORTAL_MAIL_TLS", False),
            mail_from=environ.get("PORTAL_MAIL_FROM", cls.mail_from),
            office_mail=environ.get("PORTAL_OFFICE_MAIL", cls.office_mail),
            reply_mailbox=ReplyMailbox.from_environ(environ, wrong),
            pe_online=PeOnline.from_environ(environ),
            trusted_proxies=_whole_number(environ, "PORTAL_TRUSTED_PROXIES", 0, wrong),
            keep_pages=_is_on(environ, "PORTAL_KEEP_PAGES", True),
            issuer=Issuer.from_environ(environ),
        )
        wrong += settings.complaints()
        if wrong:
            raise ConfigurationError("The portal cannot start: " + "; ".join(wrong) + ".")
        return settings

    def complaints(self) -> list[str]:
        """What keeps these settings from running, each naming its variable; empty when all is well."""
        wrong = self.reply_mailbox.complaints(self.env) + self.pe_online.complaints()
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
            wrong.append("PORTAL_BASE_URL must be like https://leerkring.example, without a path")
        if not self.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
            wrong.append("PORTAL_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://")
        if self.env == "production":
            if self.secret_key == DEVELOPMENT_KEY or len(self.secret_key) < 32:
                wrong.append("PORTAL_SECRET_KEY must be set to at least 32 random characters")
            if self.base_url == Settings.base_url:
                wrong.append("PORTAL_BASE_URL must be set to the address that people use")
            if not self.mail_server:
                wrong.append("PORTAL_MAIL_SERVER must be set")
        return wrong


def _is_on(environ: Mapping[str, str], name: str, default: bool) -> bool:
    text = environ.get(name, "").lower()
    return text in ("1", "true", "yes", "on") if text else default


def _whole_number(environ: Mapping[str, str], name: str, default: int, wrong: list[str]) -> int:
    text = environ.get(name, "")
    if not text:
        return default
    if not text.isdecimal():
        wrong.append(f"{name} must be a whole number, not {text!r}")
        return default
    return int(text)
