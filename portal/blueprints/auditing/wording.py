"""Entries of the log in words: one sentence for each tag, with the entry's own facts filled in."""

from typing import Any

from portal.audit import TrailEntry
from portal.language import _, _l

SENTENCES = {
    "accounts.api_token_made": _l("API-sleutel gemaakt voor persoon %(person_id)s"),
    "accounts.organisation_added": _l("Organisatie %(organisation_id)s toegevoegd"),
    "accounts.password_set": _l("Wachtwoord ingesteld voor persoon %(person_id)s"),
    "accounts.person_added": _l("Persoon %(person_id)s toegevoegd"),
    "accounts.profile_changed": _l("Gegevens van persoon %(person_id)s gewijzigd"),
    "accounts.role_granted": _l("Persoon %(person_id)s kreeg de rol %(role)s"),
    "accounts.role_withdrawn": _l("Persoon %(person_id)s heeft de rol %(role)s niet meer"),
    "accounts.signed_in": _l("Persoon %(person_id)s logde in"),
    "accounts.signed_out": _l("Persoon %(person_id)s logde uit"),
    "accreditation.points_settled": _l("Punten van inschrijving %(enrolment_id)s vastgesteld"),
    "attendance.amended": _l(
        "Presentie van inschrijving %(enrolment_id)s achteraf verbeterd: %(before)s werd %(after)s"
    ),
    "attendance.came_in": _l("De deelnemer van inschrijving %(enrolment_id)s ging met de eigen link naar binnen"),
    "attendance.checked_in": _l("Inschrijving %(enrolment_id)s meldde zich aan de deur: %(how)s"),
    "attendance.count_amended": _l("Aantal mensen achteraf verbeterd: %(before)s werd %(people)s"),
    "attendance.finished": _l("Presentielijst afgerond: %(attended)s van %(people)s mensen waren er"),
    "attendance.marked": _l("Presentie van inschrijving %(enrolment_id)s ingevuld: %(after)s"),
    "attendance.paper_compared": _l(
        "Papieren lijst vergeleken bij inschrijving %(enrolment_id)s: %(before)s werd %(after)s"
    ),
    "attendance.paper_extra_noted": _l("Mensen die alleen op de papieren lijst staan: %(before)s werd %(people)s"),
    "attendance.paper_photo_added": _l("Foto %(paper_photo_id)s van de papieren lijst toegevoegd"),
    "attendance.paper_photo_withdrawn": _l("Foto %(paper_photo_id)s van de papieren lijst ingetrokken"),
    "attendance.report_forgotten": _l("Verslag %(report_id)s gewist dat niemand overnam"),
    "attendance.report_sent": _l("Verslag %(report_id)s van een online bijeenkomst ingestuurd: %(visits)s regels"),
    "attendance.report_taken_over": _l(
        "Verslag %(report_id)s overgenomen: presentie van %(marks)s mensen, tijden van %(people)s mensen"
    ),
    "attendance.people_counted": _l("Aantal mensen geteld en getekend: %(people)s"),
    "attendance.tap_not_kept": _l(
        "Keuze op een telefoon bij inschrijving %(enrolment_id)s niet overgenomen: %(wanted)s (%(answer)s)"
    ),
    "attendance.walk_in_added": _l("Iemand erbij gezet aan de deur: inschrijving %(enrolment_id)s"),
    "attendance.walk_in_answered": _l("Antwoord op inschrijving %(enrolment_id)s aan de deur: %(answer)s"),
    "audit.key_added": _l("Sleutel %(key)s ondertekent het logboek vanaf nu"),
    "audit.verified": _l("Keten van %(entries)s regels gecontroleerd"),
    "calendar.feed_opened": _l("Eigen agenda-adres gemaakt voor persoon %(person_id)s"),
    "calendar.feed_revoked": _l("Eigen agenda-adres ingetrokken van persoon %(person_id)s"),
    "calendar.invited": _l("Agenda-uitnodiging gestuurd naar persoon %(person_id)s voor bijeenkomst %(meeting_id)s"),
    "calendar.question_answered": _l(
        "Duidelijk of persoon %(person_id)s naar bijeenkomst %(meeting_id)s komt: %(answer)s"
    ),
    "calendar.reply_read": _l(
        "Agenda van persoon %(person_id)s antwoordde voor bijeenkomst %(meeting_id)s: %(partstat)s"
    ),
    "calendar.withdrawn": _l(
        "Agenda-uitnodiging ingetrokken van persoon %(person_id)s voor bijeenkomst %(meeting_id)s"
    ),
    "catalogue.accreditation_added": _l(
        "Accreditatie %(accreditation_id)s toegevoegd: %(register)s, %(points)s punten"
    ),
    "catalogue.accreditation_edited": _l("Accreditatie %(accreditation_id)s gewijzigd"),
    "catalogue.course_added": _l("Training %(course_id)s toegevoegd"),
    "catalogue.course_edited": _l("Training %(course_id)s gewijzigd"),
    "catalogue.edition_edited": _l("Uitvoering %(edition_id)s gewijzigd"),
    "catalogue.edition_planned": _l("Uitvoering %(edition_id)s gepland"),
    "catalogue.edition_published": _l("Uitvoering %(edition_id)s gepubliceerd"),
    "catalogue.meeting_edited": _l("Bijeenkomst %(meeting_id)s gewijzigd"),
    "catalogue.meeting_planned": _l("Bijeenkomst %(meeting_id)s gepland voor %(capacity)s mensen"),
    "catalogue.meeting_removed": _l("Bijeenkomst %(meeting_id)s verwijderd"),
    "catalogue.module_added": _l("Dagdeel %(position)s toegevoegd aan training %(course_id)s"),
    "catalogue.module_edited": _l("Dagdeel %(module_id)s gewijzigd"),
    "catalogue.register_added": _l("Register %(register)s toegevoegd"),
    "certificates.issued": _l("Certificaat %(number)s uitgegeven"),
    "certificates.replaced": _l("Certificaat %(number)s vervangen door %(replaced_by)s"),
    "certificates.revoked": _l("Certificaat %(number)s ingetrokken"),
    "certificates.run_finished": _l("Uitgeven klaar: %(issued)s uitgegeven, %(refused)s niet gelukt"),
    "certificates.run_requested": _l("Uitgeven van certificaten gevraagd, aantal: %(total)s"),
    "certificates.run_started": _l("Uitgeven weer gestart, nog te doen: %(waiting)s"),
    "certificates.run_stopped": _l("Uitgeven gestopt, nog te doen: %(waiting)s"),
    "coordinators.region_added": _l("Regio %(region_id)s toegevoegd"),
    "coordinators.added": _l("Persoon %(person_id)s is coördinator %(coordinator_id)s"),
    "coordinators.conference_recorded": _l(
        "Conferentie %(conference_id)s vastgelegd voor coördinator %(coordinator_id)s"
    ),
    "coordinators.conference_removed": _l(
        "Conferentie %(conference_id)s van coördinator %(coordinator_id)s verwijderd"
    ),
    "enrolment.cancelled": _l("Inschrijving %(enrolment_id)s geannuleerd"),
    "enrolment.capacity_changed": _l("Aantal plaatsen van bijeenkomst %(meeting_id)s: van %(was)s naar %(capacity)s"),
    "enrolment.completed": _l("Inschrijving %(enrolment_id)s afgerond op %(on)s"),
    "enrolment.decision_postponed": _l("Beslissing over uitvoering %(edition_id)s verschoven naar %(decide_on)s"),
    "enrolment.edition_confirmed": _l("Uitvoering %(edition_id)s gaat door met %(people)s deelnemers"),
    "enrolment.edition_finished": _l("Uitvoering %(edition_id)s is klaar, met %(people)s deelnemers"),
    "enrolment.edition_started": _l("Uitvoering %(edition_id)s is begonnen met %(people)s deelnemers"),
    "enrolment.edition_cancelled": _l("Uitvoering %(edition_id)s geannuleerd, met %(enrolments)s inschrijvingen"),
    "enrolment.enrolled": _l("Persoon %(person_id)s ingeschreven onder nummer %(number)s"),
    "enrolment.enrolled_again": _l("Persoon %(person_id)s stuurde de inschrijving %(enrolment_id)s nog eens"),
    "enrolment.group_booked": _l(
        "Groep %(group_id)s aangemeld door persoon %(person_id)s, met %(people)s mensen en %(places)s open plekken"
    ),
    "enrolment.meeting_moved": _l("Bijeenkomst %(meeting_id)s verplaatst"),
    "enrolment.naming_term_followed": _l("Laatste moment om namen in te vullen voor groep %(group_id)s: %(until)s"),
    "enrolment.place_link_made": _l("Link gemaakt om plek %(place)s van groep %(group_id)s zelf in te vullen"),
    "enrolment.place_named": _l("Plek %(place)s van groep %(group_id)s heeft een naam"),
    "enrolment.places_released": _l("Plekken teruggegeven van groep %(group_id)s, aantal: %(places)s"),
    "enrolment.moved": _l("Inschrijving %(enrolment_id)s omgeboekt naar uitvoering %(to_edition)s"),
    "enrolment.substituted": _l("Inschrijving %(enrolment_id)s ging over op inschrijving %(goes_on_as)s"),
    "enrolment.offer_accepted": _l("Aanbod %(waiting_list_offer_id)s van plekken aangenomen, voor %(enrolled)s mensen"),
    "enrolment.offer_declined": _l("Aanbod %(waiting_list_offer_id)s van plekken afgeslagen"),
    "enrolment.offer_lapsed": _l("Aanbod %(waiting_list_offer_id)s van plekken verlopen"),
    "enrolment.offer_withdrawn": _l("Aanbod %(waiting_list_offer_id)s van plekken teruggenomen"),
    "enrolment.policy_decided": _l("Instellingen gewijzigd: %(changed)s"),
    "enrolment.reopened": _l("Inschrijving %(enrolment_id)s is weer open"),
    "enrolment.seat_released": _l("Plaats van inschrijving %(enrolment_id)s in bijeenkomst %(meeting_id)s vrijgegeven"),
    "enrolment.seat_taken": _l("Plaats voor inschrijving %(enrolment_id)s in bijeenkomst %(meeting_id)s"),
    "enrolment.stand_in_booked": _l(
        "Inschrijving %(enrolment_id)s volgt een dagdeel in uitvoering %(in_edition)s, bijeenkomst %(meeting_id)s"
    ),
    "enrolment.stand_in_released": _l(
        "Inschrijving %(enrolment_id)s laat de plaats in bijeenkomst %(meeting_id)s van uitvoering %(in_edition)s los"
    ),
    "enrolment.seats_offered": _l("Plekken aangeboden aan persoon %(person_id)s op de wachtlijst, tot %(until)s"),
    "enrolment.waiting_list_joined": _l("Persoon %(person_id)s staat op de wachtlijst"),
    "enrolment.waiting_list_left": _l("Persoon %(person_id)s is van de wachtlijst af"),
    "enrolment.register_number_corrected": _l(
        "Registratienummer van inschrijving %(enrolment_id)s bij %(register)s verbeterd"
    ),
    "handover.answers_noted": _l(
        "Antwoord van %(register)s genoteerd: %(accepted)s geaccepteerd, %(refused)s geweigerd"
    ),
    "handover.by_hand": _l("Doorgegeven aan %(register)s met de hand op %(on)s, aantal: %(rows)s"),
    "handover.change_settled": _l(
        "Punten van inschrijving %(enrolment_id)s bij %(register)s hersteld: van %(points_before)s naar %(points_now)s"
    ),
    "handover.row_left": _l("Geweigerde regel van inschrijving %(enrolment_id)s bij %(register)s afgesloten"),
    "handover.row_reopened": _l("Inschrijving %(enrolment_id)s staat weer klaar voor %(register)s"),
    "handover.sending_finished": _l(
        "Doorgeven aan %(register)s klaar: %(accepted)s geaccepteerd, %(refused)s geweigerd, %(unanswered)s onbekend"
    ),
    "handover.sending_given_up": _l("Doorgeven aan %(register)s afgebroken, weer klaar: %(waiting)s"),
    "handover.sending_requested": _l("Doorgeven aan %(register)s gevraagd, aantal: %(rows)s"),
    "handover.sending_resumed": _l("Doorgeven aan %(register)s weer gestart, nog te doen: %(waiting)s"),
    "handover.sending_stopped": _l("Doorgeven aan %(register)s gestopt, nog te doen: %(waiting)s %(fault)s"),
    "incompany.declined": _l("Aanvraag %(request_id)s afgewezen"),
    "incompany.planned": _l("Aanvraag %(request_id)s gepland als uitvoering %(edition_id)s"),
    "incompany.requested": _l("Aanvraag %(request_id)s voor een in-company training ontvangen"),
    "mail.dropped": _l("Tegengehouden mail laten vervallen, aantal: %(mails)s"),
    "mail.hurried": _l("Wachtende mail meteen verstuurd, aantal: %(mails)s"),
    "mail.released": _l("Tegengehouden mail alsnog verstuurd, aantal: %(mails)s"),
    "mail.stopped": _l("Wachtende mail tegengehouden, aantal: %(mails)s"),
    "mail.failed": _l("Mail %(mail_id)s niet aangekomen, opgegeven na poging %(attempts)s"),
    "mail.queued_again": _l("Mail %(mail_id)s opnieuw in de rij gezet"),
    "mail.repeated": _l("Mail %(repeats)s nog eens klaargezet, als mail %(mail_id)s"),
    "mail.text_written": _l("Tekst van de mail %(kind)s gewijzigd (%(language)s, versie %(number)s)"),
    "privacy.viewed": _l("Pagina met persoonsgegevens bekeken: %(page)s"),
    "quality.answered": _l("Evaluatie van uitvoering %(edition_id)s ingevuld"),
    "quality.asked": _l("Om een evaluatie van uitvoering %(edition_id)s gevraagd, aantal mensen: %(people)s"),
    "quality.asked_forgotten": _l(
        "Niet meer bekend wie om een evaluatie van uitvoering %(edition_id)s is gevraagd, aantal mensen: %(people)s"
    ),
}

# What somebody of the staff looked at, by the endpoint of the page; a page that is not here is named by it.
VIEWED = {
    "attendance.amend": _l("Presentie van inschrijving %(enrolment_id)s bekeken"),
    "attendance_dossier.download": _l("Dossier van de presentielijst van bijeenkomst %(meeting_id)s opgehaald"),
    "attendance.finish": _l("Presentielijst van bijeenkomst %(meeting_id)s bekeken"),
    "attendance.sheet": _l("Presentielijst van bijeenkomst %(meeting_id)s bekeken"),
    "attendance_paper.compare": _l("Papieren lijst van bijeenkomst %(meeting_id)s bekeken"),
    "attendance_paper.photo": _l("Foto van de papieren lijst van bijeenkomst %(meeting_id)s bekeken"),
    "attendance_paper.photos": _l("Papieren lijst van bijeenkomst %(meeting_id)s bekeken"),
    "attendance_reports.compare": _l("Verslag van bijeenkomst %(meeting_id)s naast de presentielijst bekeken"),
    "attendance_paper.printed": _l("Presentielijst van bijeenkomst %(meeting_id)s geprint"),
    "auditing.certificate": _l("Logboek van certificaat %(certificate_id)s bekeken"),
    "auditing.edition": _l("Logboek van uitvoering %(edition_id)s bekeken"),
    "auditing.log": _l("Logboek bekeken"),
    "certificates.download": _l("Certificaat %(certificate_id)s opgehaald"),
    "coordinators.coordinator": _l("Coördinator bekeken, persoon %(person_id)s"),
    "coordinators.region": _l("Coördinatoren van een regio bekeken"),
    "evaluation_results.edition": _l("Evaluatie van uitvoering %(edition_id)s bekeken"),
    "handover.as_csv": _l("Doorgeeflijst van uitvoering %(edition_id)s opgehaald"),
    "handover.edition": _l("Doorgeeflijst van uitvoering %(edition_id)s bekeken"),
    "handover.answer": _l("Doorgeeflijst van uitvoering %(edition_id)s bekeken"),
    "handover.hand_over": _l("Doorgeeflijst van uitvoering %(edition_id)s bekeken"),
    "handover_sending.request_sending": _l("Doorgeeflijst van uitvoering %(edition_id)s bekeken"),
    "handover_rows.again": _l("Regel van inschrijving %(enrolment_id)s bij een register bekeken"),
    "handover_rows.correct": _l("Regel van inschrijving %(enrolment_id)s bij een register bekeken"),
    "handover_rows.leave": _l("Regel van inschrijving %(enrolment_id)s bij een register bekeken"),
    "handover_rows.settle": _l("Regel van inschrijving %(enrolment_id)s bij een register bekeken"),
    "handover_rows.show": _l("Regel van inschrijving %(enrolment_id)s bij een register bekeken"),
    "mail.index": _l("Lijst van de post bekeken"),
    "mail.show": _l("Mail bekeken"),
    "office_certificates.certificate": _l("Certificaat %(certificate_id)s bekeken"),
    "office_certificates.edition": _l("Certificaten van uitvoering %(edition_id)s bekeken"),
    "office_certificates.run": _l("Certificaten van uitvoering %(edition_id)s bekeken"),
    "office_coordinators.index": _l("Lijst van coördinatoren bekeken"),
    "office_editions.show": _l("Uitvoering %(edition_id)s met deelnemers bekeken"),
    "office_changes.index": _l("Lijst van eigen wijzigingen bekeken"),
    "office_enrolments.cancel": _l("Inschrijving %(enrolment_id)s bekeken"),
    "office_enrolments.check_move": _l("Inschrijving %(enrolment_id)s bekeken"),
    "office_enrolments.move": _l("Inschrijving %(enrolment_id)s bekeken"),
    "office_enrolments.show": _l("Inschrijving %(enrolment_id)s bekeken"),
    "office_enrolments.substitute": _l("Inschrijving %(enrolment_id)s bekeken"),
    "office_group.check": _l("Lijst van mensen voor uitvoering %(edition_id)s bekeken"),
    "office_group.mend": _l("Lijst van mensen voor uitvoering %(edition_id)s bekeken"),
    "office_meetings.move": _l("Deelnemers van bijeenkomst %(meeting_id)s bekeken"),
    "office_requests.index": _l("Lijst van aanvragen bekeken"),
    "office_requests.show": _l("Aanvraag %(request_id)s bekeken"),
    "office_stand_ins.index": _l("Lijst van gemiste dagdelen bekeken"),
    "office_stand_ins.other_date": _l("Inschrijving %(enrolment_id)s bekeken"),
    "people.index": _l("Lijst van mensen bekeken"),
    "people.show": _l("Persoon %(person_id)s bekeken"),
    "taking_in.confirm": _l("Presentie van inschrijving %(enrolment_id)s bekeken, bij het melden"),
    "taking_in.take_in": _l("Presentie van inschrijving %(enrolment_id)s bekeken, bij het melden"),
}


def in_words(entry: TrailEntry) -> str:
    """The sentence of an entry; its tag where there is none, or when its facts are of an older form."""
    template = SENTENCES.get(entry.tag)
    if entry.tag == "privacy.viewed":
        template = VIEWED.get(str(entry.facts.get("page")), template)
    if template is None:
        return entry.tag
    try:
        return str(template) % entry.facts
    except KeyError:
        return entry.tag


def actor_in_words(entry: TrailEntry, names: dict[int, str]) -> str:
    """Who did it: a name where the reader may know it, else the person's number."""
    if entry.actor_kind == "person" and entry.actor_id is not None:
        return names.get(entry.actor_id) or str(_("Persoon %(number)s", number=entry.actor_id))
    return str(_("Bezoeker") if entry.actor_kind == "visitor" else _("Het portaal zelf"))


def via_in_words(via: str) -> str:
    """Through what it was done."""
    words = {"web": _("website"), "worker": _("achtergrondtaak"), "cli": _("beheeropdracht"), "api": _("API")}
    return str(words.get(via, via))


def details(entry: TrailEntry, *, private: bool) -> list[tuple[str, str]]:
    """Tag, facts and hash of an entry as (field, value), empty ones left out. Private texts only for who may read them;
    the fields keep their own names, since it is these that the hash covers."""
    shown = [("tag", entry.tag)]
    for name, value in sorted(entry.facts.items()):
        if value is None and name not in entry.private:
            continue
        if name in entry.private and not private:
            value = _("staat apart, alleen voor het bureau")
        elif name in entry.private and value is None:
            value = _("gewist")
        shown.append((name, _plain(value)))
    return [*shown, ("hash", entry.hash)]


def _plain(value: Any) -> str:
    return ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)
