"""States, refusals and faults in words: what it means, and what to do."""

from portal.domain.accreditation.reasons import Reason
from portal.domain.handover.pe_online import Fault
from portal.domain.handover.rules import Refusal, RowState, Way
from portal.language import _l

STATES = {
    RowState.CHANGED: _l("gewijzigd na het doorgeven"),
    RowState.REFUSED: _l("geweigerd"),
    RowState.TO_SEND: _l("door te geven"),
    RowState.SENDING: _l("wordt doorgegeven"),
    RowState.SENT: _l("doorgegeven"),
    RowState.NO_NUMBER: _l("geen nummer"),
    RowState.LEFT: _l("geweigerd, afgesloten"),
    RowState.ACCEPTED: _l("geaccepteerd"),
}
WAYS = {Way.HAND: _l("met de hand"), Way.PE_ONLINE: _l("via PE-online"), Way.CORRECTION: _l("correctie")}
REASONS = {
    Refusal.UNKNOWN_NUMBER: _l("Het register kent dit nummer niet."),
    Refusal.WRONG_CHAMBER: _l("Onjuiste kamer: deze training telt niet voor de kamer waarin deze persoon staat."),
    Refusal.NOT_REGISTERED: _l("Deze persoon staat nu niet (meer) in het register."),
    Refusal.ALREADY_THERE: _l("Het register heeft deze punten al."),
    Refusal.OTHER: _l("Het register weigerde om een andere reden."),
}
TO_DO = {
    Refusal.UNKNOWN_NUMBER: _l("Vraag de deelnemer om het nummer, vul het hieronder in en geef opnieuw door."),
    Refusal.WRONG_CHAMBER: _l(
        "SKJ geeft alleen punten aan jeugd- en gezinsprofessionals. Klopt het nummer? Sluit de regel dan af en vertel"
        " het de deelnemer. Is het een ander nummer, vul dat dan in."
    ),
    Refusal.NOT_REGISTERED: _l(
        "Vraag de deelnemer of de registratie weer loopt. Geef dan opnieuw door, of sluit de regel af."
    ),
    Refusal.ALREADY_THERE: _l("Kijk in het register of de punten er staan. Zo ja, sluit de regel dan af."),
    Refusal.OTHER: _l("Lees wat het register zei, herstel het en geef opnieuw door, of sluit de regel af."),
}
NOT_COUNTING = {
    Reason.NOT_ACCREDITED: _l("het register heeft dit niet geaccrediteerd"),
    Reason.NOT_YET_VALID: _l("de accreditatie was nog niet ingegaan"),
    Reason.EXPIRED: _l("de accreditatie was verlopen"),
    Reason.ABSENT: _l("was er niet"),
    Reason.EXCUSED: _l("was afgemeld"),
    Reason.TOO_SHORT: _l("was er te kort bij"),
    Reason.PREPARATION_MISSING: _l("de voorbereiding is niet afgevinkt"),
    Reason.TEST_MISSING: _l("de toets is nog niet gehaald"),
    Reason.MODULES_MISSING: _l("deed niet de hele training"),
    Reason.COUNTED_ELSEWHERE: _l("de punten tellen al mee bij een andere accreditatie"),
}
FAULTS = {
    Fault.NO_ACCESS: _l("PE-online geeft geen toegang (fout 400): de koppeling staat voor dit account niet aan."),
    Fault.TOO_MANY: _l("PE-online vond het te veel regels in één keer (fout 500)."),
    Fault.BAD_XML: _l("PE-online kon onze gegevens niet lezen (fout 505)."),
    Fault.COURSE_NOT_UNIQUE: _l("De code van de training komt in PE-online vaker voor (fout 1020)."),
    Fault.COURSE_UNKNOWN: _l("PE-online kent deze training niet, of het register accrediteerde haar niet (fout 1021)."),
    Fault.EDITION_MISSING: _l("PE-online mist de uitvoering (fout 1022)."),
    Fault.NOT_ALLOWED: _l("Dit register laat presentie via een koppeling niet toe (fout 1030)."),
    Fault.REFUSED: _l("PE-online weigerde alles (fout 100), om een reden die we niet kennen."),
    Fault.UNREACHABLE: _l("PE-online was niet te bereiken, of antwoordde niet op tijd."),
    Fault.NOT_UNDERSTOOD: _l("PE-online gaf een antwoord dat we niet begrijpen."),
}
FAULTS_TO_DO = {
    Fault.NO_ACCESS: _l("Vraag support@pe-online.org de webservice aan te zetten, en laat beheer de sleutel nakijken."),
    Fault.TOO_MANY: _l("Neem contact op met beheer: per keer gaan er hooguit 1000 regels."),
    Fault.BAD_XML: _l("Neem contact op met beheer, of geef intussen met de hand door."),
    Fault.COURSE_NOT_UNIQUE: _l("Geef in PE-online elke accreditatie een eigen interne code, en ga dan verder."),
    Fault.COURSE_UNKNOWN: _l("Kijk het accreditatie-ID van de training na in PE-online en hier, en ga dan verder."),
    Fault.EDITION_MISSING: _l("Zet de uitvoering in PE-online met de interne code die hier staat, en ga dan verder."),
    Fault.NOT_ALLOWED: _l("Stop hier en geef met de hand door op de site van het register."),
    Fault.REFUSED: _l("Kijk in PE-online wat er mis is, en ga dan verder of geef met de hand door."),
    Fault.UNREACHABLE: _l("We probeerden het vijf keer. Ga later verder, of geef met de hand door."),
    Fault.NOT_UNDERSTOOD: _l(
        "Kijk in PE-online welke mensen er al staan. Ga dan verder: wie er al staat, telt niet dubbel."
    ),
}
