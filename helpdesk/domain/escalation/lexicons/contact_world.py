"""How people ask for a person in German, French, Spanish, Italian, Portuguese, Dutch, Chinese.

Accents and capitals are already gone (``möchte`` is read as ``mochte``), and so are apostrophes
(``d'un`` is ``dun``).
"""

from __future__ import annotations

import re

CLASSES: dict[str, frozenset[str]] = {
    "de_a": frozenset("einem einen einer eine ein ne nem nen den dem der ihrem eurem".split()),
    "de_real": frozenset(
        "echten echtem echter echte richtigen richtiger menschlichen "
        "menschlicher menschliche menschlichem realen lebenden".split()
    ),
    "de_person": frozenset(
        "mensch menschen mitarbeiter mitarbeiterin mitarbeitern berater beraterin person agent "
        "agenten ansprechpartner kundenberater kundendienst kundenservice support jemand jemandem "
        "jemanden servicemitarbeiter supportmitarbeiter kollegen vorgesetzten personal".split()
    ),
    "de_talk": frozenset(
        "sprechen reden chatten telefonieren schreiben verbinden verbunden".split()
    ),
    "fr_a": frozenset("un une le la des dun dune votre de".split()),
    "fr_real": frozenset("vrai vraie veritable autre".split()),
    "fr_person": frozenset(
        "humain humaine personne conseiller conseillere agent operateur operatrice responsable "
        "representant quelquun lagent etre collegue superviseur".split()
    ),
    "es_a": frozenset("un una el la alguna algun su".split()),
    "es_person": frozenset(
        "humano humana persona personas agente representante asesor asesora operador operadora "
        "ejecutivo ejecutiva encargado supervisor gerente alguien responsable".split()
    ),
    "it_a": frozenset("un una uno lo la il vostro qualche".split()),
    "it_person": frozenset(
        "operatore operatrice umano umana persona agente qualcuno responsabile consulente addetto "
        "essere supervisore rappresentante".split()
    ),
    "pt_a": frozenset("um uma o a algum alguma seu".split()),
    "pt_person": frozenset(
        "atendente humano humana pessoa agente representante operador operadora gerente alguem "
        "responsavel supervisor consultor".split()
    ),
    "nl_a": frozenset("een n de het jullie uw".split()),
    "nl_real": frozenset("echt echte menselijke menselijk levende andere".split()),
    "nl_person": frozenset(
        "mens mensen medewerker persoon iemand agent collega klantenservice adviseur "
        "leidinggevende supervisor".split()
    ),
}

ASKS: dict[str, float] = {
    # German
    "mit <de_a>? <de_real>? <de_person> zu? <de_talk>": 0.92,
    "<de_a>? <de_real>? <de_person> zu? sprechen/erreichen": 0.8,
    "gesprach mit <de_a>? <de_real>? <de_person>": 0.85,
    "menschlichen/menschlicher/menschliche hilfe/support/unterstutzung": 0.8,
    "mit <de_a>? <de_real>? _ <de_person> <de_talk>": 0.85,
    "<de_talk> mit <de_a>? <de_real>? <de_person>": 0.88,
    "verbinde/verbinden/verbindet/leite/leiten/stellen/stell sie? mich bitte? "
    "an/mit/zu <de_a>? <de_real>? <de_person>": 0.92,
    "stellen/stell sie? mich bitte? durch": 0.88,
    "an <de_a>? <de_real>? <de_person> weiterleiten/weitergeleitet/ubergeben/verbinden": 0.9,
    "will/mochte/brauche/wunsche/verlange bitte? <de_a> <de_real>? <de_person>": 0.85,
    "<de_a>? <de_real> <de_person> bitte": 0.88,
    "gib/geben sie? mir bitte? <de_a> <de_real>? <de_person>": 0.9,
    "gibt es hier? <de_a>? <de_real> <de_person>": 0.8,
    # French
    "parler/parle/discuter/echanger/communiquer a/avec <fr_a>? <fr_real>? <fr_person>": 0.92,
    "parler/discuter/echanger au/avec le service client": 0.76,
    "aide humaine": 0.76,
    "contacter/joindre/appeler <fr_a> <fr_real>? <fr_person>": 0.8,
    "mettez/mets/mettre moi? en relation/contact/communication avec <fr_a>? <fr_real>? "
    "<fr_person>": 0.92,
    "passez/passe/transferez/transfere/connectez/redirigez moi a/avec/vers? <fr_a>? <fr_real>? "
    "<fr_person>": 0.92,
    "veux/voudrais/souhaite/besoin/jaimerais <fr_a>? <fr_real>? <fr_person> humain/humaine?": 0.84,
    "<fr_a> <fr_real> etre? humain/humaine/personne/conseiller/agent": 0.75,
    # Spanish
    "hablar/comunicarme/chatear/comunicar/contactar con <es_a>? <es_person> "
    "real/humano/humana/verdadera?": 0.92,
    "contactar/comunicarme <es_a>? <es_person>": 0.8,
    "paseme/pasame/paseme/pasenme/comuniqueme/comunicame/conectame/conecteme/ponme/pongame "
    "en? contacto? con <es_a>? <es_person>": 0.92,
    "transfiereme/transfierame/transferirme/derivame/derivarme a/con <es_a>? <es_person>": 0.92,
    "quiero/necesito/quisiera/deseo <es_a> <es_person> real/humano/humana?": 0.84,
    "<es_a> persona/agente/asesor/ser real/humano/humana": 0.75,
    "hablar con <es_a>? ser humano": 0.92,
    "hablar con servicio/atencion al cliente": 0.76,
    "ponerme/poner en contacto con <es_a>? <es_person>": 0.9,
    "ayuda de <es_a>? persona/humano/agente": 0.8,
    "atencion humana": 0.8,
    # Italian
    "parlare/parlo/comunicare/chattare con <it_a>? <it_person> reale/vera/umano/umana?": 0.92,
    "passami/mi passi/mi passa/passatemi/mettimi in? contatto? con? <it_a>? <it_person>": 0.9,
    "passi/passa/trasferisca/trasferiscimi a/con/su? <it_a>? <it_person>": 0.88,
    "mettermi/mettetemi in contatto con <it_a>? <it_person>": 0.92,
    "contattare <it_a>? <it_person>": 0.8,
    "voglio/vorrei/serve/bisogno di? <it_a> <it_person> reale/vera/umano/umana?": 0.84,
    "operatore umano": 0.8,
    "persona reale/vera": 0.72,
    # Portuguese
    "falar/conversar com <pt_a>? <pt_person> real/humano/humana?": 0.92,
    "transferir/transfira/transfere/passa/passe/encaminha/encaminhe me? para <pt_a>? "
    "<pt_person>": 0.92,
    "contatar/contactar <pt_a>? <pt_person>": 0.8,
    "quero/queria/preciso/gostaria de? <pt_a> <pt_person> real/humano/humana?": 0.84,
    "falar/conversar com <pt_a>? ser/gente humano?": 0.9,
    "ajuda de <pt_a>? pessoa/humano/atendente": 0.8,
    "atendimento/atendente humano": 0.84,
    "pessoa real": 0.72,
    # Dutch
    "met <nl_a>? <nl_real>? <nl_person> praten/spreken/chatten/bellen": 0.92,
    "praten/spreken/chatten met <nl_a>? <nl_real>? <nl_person>": 0.92,
    "verbind/verbindt u? me/mij door? met <nl_a>? <nl_real>? <nl_person>": 0.9,
    "verbind/verbindt u? me/mij door": 0.85,
    "doorverbinden/doorverbonden met? <nl_a>? <nl_real>? <nl_person>?": 0.88,
    "<nl_a> <nl_real>? <nl_person> spreken": 0.9,
    "menselijke hulp": 0.8,
    "wil/wens/nodig <nl_a> <nl_real>? <nl_person>": 0.84,
    "<nl_a>? <nl_real> <nl_person> alstublieft/graag/aub": 0.86,
    "<nl_a> <nl_real> mens/medewerker/persoon": 0.75,
}

NEGATIONS = frozenset(
    "nicht kein keine keinen keinem nie pas ne no non nao niet geen jamais nunca mai nooit".split()
)

PASSED_OVER = frozenset(
    "ich will mochte bitte mich sie je veux voudrais me moi quiero yo necesito que voglio io "
    "vorrei "
    "mi quero eu preciso ik wil graag mij besoin envie de du".split()
)

BARE = frozenset(
    "mitarbeiter mensch berater conseiller humain agente humano operatore umano atendente "
    "medewerker operador asesor kundenservice klantenservice".split()
)

FILLERS = frozenset(
    "bitte svp sil vous plait por favor per favore grazie gracias merci danke aub alstublieft "
    "graag "
    "ein einen un una une um uma een jetzt ahora maintenant".split()
)
"""What may stand around a bare word."""

CHINESE = re.compile(
    r"人工(?!智能)|真人|客服人[员員]|[转轉找接]接?客服|[联聯][系繫]客服|[跟和与與]客服|[跟和与與]人[说說交聊]"
)
CHINESE_REFUSED = re.compile(r"(?:不要|不用|不需要|不想|别|別|無需|无需|不必|是|不是)\S{0,4}$")
"""Before it: "don't" or "are you": not a request."""
