"""The office writes the words of a mail: both languages side by side, as they will look, and back to the original."""

from collections.abc import Iterator

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.fields import IntegerField

from portal import clock
from portal.db import transaction
from portal.domain.accounts.mails import recipient
from portal.domain.accounts.queries import get_person, list_names
from portal.domain.accounts.rules import Role
from portal.domain.accreditation import mail_texts as accreditation_texts
from portal.domain.enrolment import mail_texts, reminder_texts
from portal.domain.quality import mail_texts as quality_texts
from portal.errors import NotFound
from portal.language import DUTCH, ENGLISH, LANGUAGES, _, _l, speaking
from portal.mail import Letter, Recipient, enqueue, text_versions, texts
from portal.mail.text_versions import Written
from portal.mail.texts import TextKind, Words, paragraphs
from portal.web.access import allow
from portal.web.forms import PortalForm, many_lines, one_line
from portal.web.headers import POLICY
from portal.web.pages import page, see_other
from portal.web.signing import current_actor, the_person

blueprint = Blueprint("mail_texts", __name__, url_prefix="/bureau/post/teksten")
KINDS = {
    kind.name: kind
    for kind in (*reminder_texts.KINDS, *accreditation_texts.KINDS, *quality_texts.KINDS, *mail_texts.KINDS)
}
LANGUAGE_NAMES = {DUTCH: _l("Nederlands"), ENGLISH: _l("Engels")}
# The mail in its frame carries its style inside, as mail does; a frame inherits the policy of its page.
WITH_MAIL_STYLE = f"{POLICY}; style-src 'self' 'unsafe-inline'"
# The buttons that send an example.
SENDS = {f"send_{language}": language for language in LANGUAGES}


class TextForm(PortalForm):
    """A subject, an opening and a closing in each language; the numbers say which versions the writer saw."""

    nl_was = IntegerField()
    en_was = IntegerField()
    nl_subject = StringField(_l("Onderwerp"), filters=[one_line])
    nl_opening = TextAreaField(_l("Begin"), filters=[many_lines])
    nl_closing = TextAreaField(_l("Slot"), filters=[many_lines])
    en_subject = StringField(_l("Onderwerp"), filters=[one_line])
    en_opening = TextAreaField(_l("Begin"), filters=[many_lines])
    en_closing = TextAreaField(_l("Slot"), filters=[many_lines])

    def text(self, language: str) -> Written:
        """What stands in the fields of a language."""
        return Written(*[self[f"{language}_{part}"].data or "" for part in text_versions.PARTS])

    def was(self, language: str) -> int:
        return self[f"{language}_was"].data or 0


@blueprint.get("")
@allow(Role.OFFICE)
def index() -> Response:
    """Every kind of mail whose words the office may write, and which of them are its own by now."""
    return page("mail/texts.html", kinds=KINDS.values(), holding=text_versions.list_holding(), languages=LANGUAGES)


@blueprint.route("/<kind_name>", methods=["GET", "POST"])
@allow(Role.OFFICE)
def edit(kind_name: str) -> Response:
    """The words of one kind of mail; with how they will look, also before they are kept."""
    kind = _get_kind(kind_name)
    form = TextForm(data=_held(kind))
    asked = request.form.get("do", "")
    if form.validate_on_submit() and _is_good(kind, form):
        with form.answering(), transaction():
            if asked == "keep":
                _keep(kind, form)
                return see_other(url_for(".edit", kind_name=kind_name))
            if asked in SENDS:
                _send_to_oneself(kind, form, SENDS[asked])
    return _edit_page(kind, form)


@blueprint.post("/<kind_name>/<language>/oorspronkelijk")
@allow(Role.OFFICE)
def restore(kind_name: str, language: str) -> Response:
    """Lets the portal's own words hold again."""
    kind = _get_kind(kind_name)
    if language not in LANGUAGES:
        raise NotFound
    form = PortalForm()
    with form.answering(), transaction():
        was = request.form.get("was", 0, type=int)
        text_versions.restore_original(kind=kind, language=language, was=was, actor=current_actor(), now=clock.now())
    for sentence in form.form_errors:
        flash(sentence, "error")
    if not form.form_errors:
        flash(_("De oorspronkelijke tekst geldt weer."), "good")
    return see_other(url_for(".edit", kind_name=kind_name))


def _get_kind(name: str) -> TextKind:
    if name not in KINDS:
        raise NotFound
    return KINDS[name]


def _held(kind: TextKind) -> dict[str, str | int]:
    """What holds now, as the fields of the form."""
    held: dict[str, str | int] = {}
    for language in LANGUAGES:
        source = text_versions.source_of(kind, language)
        held |= {f"{language}_{part}": getattr(source, part) for part in text_versions.PARTS}
        held[f"{language}_was"] = text_versions.number_of(kind, language)
    return held


def _is_good(kind: TextKind, form: TextForm) -> bool:
    """Whether both languages can be sent; what cannot is said at its field."""
    for language in LANGUAGES:
        for part, problem in text_versions.problems_of(kind, form.text(language)).items():
            form[f"{language}_{part}"].errors = [problem]
    return not form.errors


def _keep(kind: TextKind, form: TextForm) -> None:
    actor, now = current_actor(), clock.now()
    changed = [
        text_versions.write_text(
            kind=kind, language=language, text=form.text(language), was=form.was(language), actor=actor, now=now
        )
        for language in LANGUAGES
    ]
    flash(_("De tekst is bewaard en geldt vanaf nu.") if any(changed) else _("Er is niets veranderd."), "good")


def _send_to_oneself(kind: TextKind, form: TextForm, language: str) -> None:
    """The example as a real mail, in that language, to who is signed in."""
    me, now = recipient(get_person(the_person().id)), clock.now()
    key = f"text_example:{me.person_id}:{now.isoformat()}"
    with speaking(language):
        example = _example(kind, form.text(language))
    to = Recipient(me.address, me.name, language, me.person_id)
    enqueue(example, kind="mail.text_example", to=to, dedupe_key=key, now=now)
    flash(_("Het voorbeeld is onderweg naar %(address)s.", address=me.address), "good")


def _example(kind: TextKind, text: Written) -> Letter:
    """The example in the language that is being spoken, with these words."""
    example = kind.example()
    words = Words(text.subject, paragraphs(text.opening), paragraphs(text.closing))
    return texts.with_words(example.letter, texts.filled(words, example.values))


def _previews(kind: TextKind, form: TextForm) -> Iterator[dict[str, str]]:
    """How the mail looks in each language: its subject, its HTML for a frame, and its plain text."""
    for language in LANGUAGES:
        with speaking(language):
            letter = _example(kind, form.text(language))
            to = Recipient("", "", language)
            yield {
                "language": language,
                "subject": letter.subject,
                # What it links to opens beside the page, on which something may not be kept yet.
                "html": _html(letter, to).replace("<head>", '<head><base target="_blank">', 1),
                "plain": render_template("layout/email.txt", letter=letter, to=to),
            }


def _html(letter: Letter, to: Recipient) -> str:
    return render_template("layout/email.html", letter=letter, to=to)


def _edit_page(kind: TextKind, form: TextForm) -> Response:
    versions = text_versions.list_versions(kind)
    answer = page(
        "mail/text.html",
        form=form,
        kind=kind,
        previews=list(_previews(kind, form)),
        language_names=LANGUAGE_NAMES,
        own={language: texts.find_text(kind.name, language) is not None for language in LANGUAGES},
        versions=versions,
        names=list_names({version.written_by_id for version in versions if version.written_by_id}),
    )
    answer.headers["Content-Security-Policy"] = WITH_MAIL_STYLE
    return answer
