"""Small things that words say and the model does not tell apart: any room will do, hardship, time to
think, what is to become of personal data, and whether one is talking to a machine."""

from __future__ import annotations

import re

from services.orchestrator.domain.price_phrases import asks_for_less

_OF_A_BOOKING = re.compile(r"\b(reserv\w*|bookings?|estancia|estadía|estadia|my stay|c[oó]digo|code)\b", re.IGNORECASE)
_CODE_IS_LOST = re.compile(
    r"\b(perd[ií]|extravi[eé]|no (?:lo |la )?(?:tengo|encuentro|recuerdo|s[eé])|olvid[eé]|lost|can'?t find|cannot find"
    r"|don'?t (?:have|know|remember)|do not have|forgot|misplaced)\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\b(c[oó]digo|confirmaci[oó]n|localizador|folio|code|confirmation|reference|(?:booking|reservation) (?:number|no)"
    r"|n[uú]mero de (?:mi |la )?reserva\w*)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"\b(nombre|apellido|titular|name|surname|(phone|mobile|cell|contact) ?(number|details)?|e-?mail|tel[eé]fono"
    r"|celular"
    r"|correo)\b",
    re.IGNORECASE,
)
_MANAGER = re.compile(
    r"\b(gerente|gerencia|manager|supervisor\w*|encargad[oa]|director\w*|responsable)\b", re.IGNORECASE
)
_FOLLOWING_UP = re.compile(
    r"^\W*(?:(?:y|and|e|pero|but|or|o) |what about |how about |qu[eé] hay de |para |for )", re.IGNORECASE
)
_ASKING_ANEW = re.compile(
    r"^\W*(?:(?:y|and|e|pero|but|or|o) )?(?:tambi[eé]n |also )?(?:tienen?|ten[eé]s|hay|cuentan con|ofrecen|manejan"
    r"|do you have"
    r"|have you got|is there|are there)\b(?! (?:para|for|lugar|algo|some|any)\b)",
    re.IGNORECASE,
)
_ANIMALS = {
    "dog": re.compile(r"\b(?:perr(?:o|a|os|as|it\w*)|cachorr\w+|dogs?|pupp(?:y|ies)|c[ãa]es)\b", re.IGNORECASE),
    "cat": re.compile(r"\b(?:gat(?:o|a|os|as|it\w*)|michi\w*|minin[oa]s?|cats?|kitt(?:y|ens?))\b", re.IGNORECASE),
    "other": re.compile(
        r"\b(?:loros?|p[aá]jaros?|conejos?|h[aá]mster\w*|hurones?|tortugas?|parrots?|birds?|rabbits?|ferrets?"
        r"|turtles?)\b",
        re.IGNORECASE,
    ),
}
_BARE_QUESTION = re.compile(
    r"\W*(?:(?:and|y|e|ok|ah) )?(?:at what time|what (?:times?|hours|days)|(?:until|from|since) (?:when|what time)"
    r"|when|where"
    r"|how long|(?:a|hasta|desde) (?:qu[eé] horas?|cu[aá]ndo)|cu[aá]ndo|d[oó]nde|en d[oó]nde"
    r"|(?:en )?qu[eé] (?:horarios?|d[ií]as)"
    r"|a que horas|onde|quando)(?: (?:is|are) (?:it|that|they)| es| son)?\W*",
    re.IGNORECASE,
)
_IN_PLACE = re.compile(r"^\W*(?:(?:y|and|e) )?(?:tambi[eé]n |also )?(?:en|in|em) [^?]{2,30}\?\W*$", re.IGNORECASE)
_ANY = re.compile(
    r"\b(cualquiera|(la|el|lo) que (sea|haya|tengan?|quede|me recomiende)|(me )?da igual|me es igual|no importa"
    r"|whichever|whatever you have|you (choose|decide)|i don'?t mind"
    r"|(doesn'?t|does not) matter|any(thing)?( one| room| rate| of (them|those|these))?(( is| would be) (fine"
    r"|ok(ay)?|good)"
    r"|'s fine| will do| works)|either (one|of them|is|works|will|would))\b"
    r"|^\W*(any(thing)?|either)( one| room| rate| of (them|those|these))?( please| really)?\W*$",
    re.IGNORECASE,
)
_THINKING = re.compile(
    r"\b(déjame|dejame|déjeme|dejeme|deja|voy a|tengo que|debo|lo|quiero) (pensar(lo)?|pienso|consult(ar(lo)?"
    r"|o)|ver(lo)?"
    r"|(platic|habl|coment|pregunt)(ar(lo)?|o))\b"
    r"|\bd[eé]j[ae](me|nos) que (lo |la )?(piens|consult|habl|platiqu|coment|pregunt|ve)\w*|\b(todav[ií]a|a[uú]n) no\b"
    r"|\b(let me|i'?ll|i will|i need to|i have to|we need to|we have to) (think|check with|talk to|talk it"
    r"|ask(?! (?:for|about|you|if|whether|a question))"
    r"|sleep on)\b"
    r"|\bthink about it\b|\bnot (just )?yet\b|\b(?:i|we)['’]?ll (?:let you know|confirm (?:later|tonight|tomorrow)"
    r"|get back)\b"
    r"|\b(?:te|le|les) (?:aviso|avisamos)\b|\b(?:te|le|les|lo) confirm(?:o|amos) (?:luego|despu[eé]s|m[aá]s tarde"
    r"|ma[nñ]ana"
    r"|en la noche|al rato|hoy|el)\b"
    r"|\b(esp[eé]r[ae](me)?|un momento|un segundo|d[eé]j[ae]me)[, ]+(que |a )?(lo |la )?(mir|ve[or]|revis|chec"
    r"|pregunt|consult)\w*"
    r"|\b(hold|hang) on\b|\bgive me a (minute|moment|sec\w*)\b|\b(one|just a) (moment|sec\w*|minute)\b",
    re.IGNORECASE,
)
_WONDERING = re.compile(
    r"^\W*(?:(?:y|and|but|pero)\b|what about|how about|what would|what is|what's|how much|cu[aá]nto|qu[eé] tal"
    r"|en cu[aá]nto)"
    r"(?!.*\b(?:reserv|book|quiero|prefiero|tomo|take|want|please|por favor))[^?]*\?\W*$",
    re.IGNORECASE | re.DOTALL,
)
_WHAT_IF = re.compile(
    r"\b(?:si|en caso de(?: que)?|if|in case|should) (?:al final |luego |no |i |we |have to |need to |had to |were to "
    r"|just "
    r"|tengo que |tenemos que |tuviera que |quiero |llego a |necesito )*(?:cancel\w*|anul\w*|pull\w* out|back\w* out"
    r"|call\w* (?:it|this|that) off|drop\w* out)"
    r"|\b(?:what if|what happens if|qu[eé] pasa si|y si) [^?]*"
    r"\b(?:can'?t|cannot|won'?t|no (?:pued|pod|pud|lleg|voy|vamos))"
    r"|^\W*(?:and|but|so|y|pero|e) (?:can|could|may|puedo|podr[ií]a|se puede|podemos|posso) (?:i |we )?(?:\w+ )?"
    r"(?:cancel\w*|anul\w*)[^?]{0,25}\?"
    r"|\bsi (?:no|al final|despu[eé]s|luego|por algo)\b[^?]*\b(?:devuelv|devolver|reembols|regresan)\w*[^?]*\?"
    r"|\b(?:devuelv|devolver|reembols|regresan)\w*[^?]*\bsi (?:no|al final|despu[eé]s|luego|por algo)\b[^?]*\?"
    r"|\bsi (?:reserv|pag|apart)\w+ y (?:luego |despu[eé]s |al final )?[^?]{0,40}\?"
    r"|\b(?:refund\w*|money back)\b[^?]*\bif (?:i|we) (?:can'?t|cannot|don'?t|do not|won'?t)\b"
    r"|\bif (?:i|we) (?:can'?t|cannot|don'?t|do not|won'?t)\b[^?]*\b(?:refund\w*|money back)\b"
    r"|\b(?:hasta cu[aá]ndo|until when|how late|by when) (?:\w+ ){0,3}(?:cancel\w*|anul\w*)",
    re.IGNORECASE,
)
_DIET = re.compile(
    r"\b(?:gluten|cel[ií]a[ck]|coelia|vegan|vegetarian|halal|kosher|la[ck]tos|dairy|nuts?\b|peanut|shellfish|marisco"
    r"|allerg|alergi)",
    re.IGNORECASE,
)
_DIET_STEM = 5
# Who may not eat it is told of by what it is.
_SAME_DIET = {"celia": "glute", "celía": "glute", "coeli": "glute", "dairy": "lacto", "lakto": "lacto", "nut": "nut"}
_MEANS = re.compile(
    r"\b(?:metro|subway|underground|tube|trams?|tranv[ií]a|tren(?:es)?|trains?|bus(?:es)?|cami[oó]n)\b", re.IGNORECASE
)
_MONEY_BACK = re.compile(
    r"\b(?:my|our|the) money back\b|\b(?:i|we) (?:want|demand|expect) (?:a|my|our) (?:full |\w+ )?refund\b"
    r"|\b(?:devu[eé]lv\w+|regres\w+|reembols\w+|reintegr\w+) (?:mi|el|nuestro) dinero\b"
    r"|\bque (?:me|nos) (?:devu[eé]lv|regres|reembols|reintegr)\w+ (?:la|mi) (?:plata|lana)\b"
    r"|\bquiero (?:mi dinero|un reembolso)\b",
    re.IGNORECASE,
)
_OF_A_CANCELLATION = re.compile(r"\b(?:cancel\w*|anul\w*)", re.IGNORECASE)
_SAME_DAYS = re.compile(
    r"\b(same (dates|days|nights)|mism[oa]s (fechas|d[ií]as|noches)|mesm[oa]s (datas|dias))\b", re.IGNORECASE
)
_SURNAME = re.compile(r"\b(apellidos?|surname|last name|family name|sobrenome)\b", re.IGNORECASE)
_HARDSHIP = re.compile(
    r"\b(hospital\w*|m[eé]dic[oa]s?|enferm\w+|cirug[ií]a|operaci[oó]n|opera(?:r|ron|do|da)|internad[oa]|falleci\w+"
    r"|muri[oó]|muerte"
    r"|duelo|accidente|(?:motivos?|problemas?|temas?|razones) de salud|health (?:reasons?|issues?|problems?)"
    r"|medical|illness|sick|surgery|hospitali[sz]ed|passed away"
    r"|died|death|funeral|accident|bereave\w+|injur\w+|heart attack|cancer|chemo\w*|covid|pneumonia|miscarriage"
    r"|(?:is|am|are|['’]s|['’]m|been|fell|fallen|taken|very|seriously|really) ill|unwell|poorly"
    r"|(?:br(?:oke|oken|eak\w*)|fractur\w+) (?:(?:his|her|my|their|an?|the) )?(?:leg|arm|ankle|hip|wrist|foot|back"
    r"|collarbone|knee)"
    r"|(?:rompi\w*|quebr\w+|fractur\w+) (?:la|el|una?) (?:pierna|brazo|tobillo|cadera|mu[nñ]eca|pie|rodilla)|infarto"
    r"|c[aá]ncer)\b",
    re.IGNORECASE,
)
_NOT_KNOWN = re.compile(
    r"\bno (?:l[ao]s? )?(?:s[eé]|sabemos|estoy segur\w+|estamos segur\w+|tengo (?:idea|claro))\b|\b(?:i"
    r"|we) (?:don'?t|do not)"
    r" know|\bnot (?:really |quite )?sure\b|\bn[aã]o (?:sei|sabemos)\b"
    r"|\b(?:cualquier (?:fecha|d[ií]a)|una idea|sin fechas?|fechas? (?:abiertas?|flexibles?)|(?:just"
    r"|rough) (?:an )?idea|no dates"
    r"|just (?:browsing|looking)|any dates?|flexible (?:dates?|with dates)|dates are flexible|uma ideia)\b",
    re.IGNORECASE,
)
_TO_BE_DONE = re.compile(
    r"\b(?:h[aá]g[aá]n?lo|hazlo|p[ií]d[ae]n?lo|p[ií]delo|solic[ií]t\w*|adelante|dale|do it|go ahead|please do"
    r"|fa[cç]a isso)\b"
    r"|\b(?:s[ií]|yes|yeah|ok|sim)\W+(?:por favor|porfa\w*|please)\b",
    re.IGNORECASE,
)
_ERASED = re.compile(
    r"\b(b[oó]rr\w+|el[ií]m[ií]n\w+|olv[ií]d\w+|supr[ií]m\w+|cancel\w+|desaparec\w+|qu[ií]t\w+|delet\w+|eras\w+"
    r"|remov\w+|forg[eo]t\w*|wip\w+|apag\w+|no (?:quiero|deseo) que (?:me )?(?:guard|teng|conserv|almacen)\w+"
    r"|(?:don'?t|do not) (?:want you to )?(?:keep|store|hold))\b",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"\b(copia|cop(?:y|ies)|export\w*|descarg\w+|download\w*|mand\w+|env[ií]\w+|send|entreg\w+|acces\w+|access"
    r"|archivo|file"
    r"|qu[eé] (datos|informaci[oó]n|saben|tienen|guardan)|what (data|information|do you (have|know|keep|store|hold))"
    r"|c[oó]pia)\b",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(
    r"\b(instead of|rather than|en vez del?|en lugar del?|no la|no el|not the|em vez d[eo])\b", re.IGNORECASE
)
_HOW_LONG = re.compile(
    r"\b(?:cu[aá]nto (?:tiempo )?(?:\w+ ){0,2}(?:tard|demor|falta)\w*|how (?:long|soon|much longer)"
    r"|cu[aá]ndo (?:vienen?|llegan?|me (?:atienden|escriben|contestan))|quanto (?:tempo )?(?:vai )?demora"
    r"|when (?:will|do|can) (?:i|we) (?:hear|expect|get an answer)|cu[aá]ndo (?:me|nos) (?:responden|avisan|escriben)"
    r"|(?:en|a) cu[aá]nto (?:tiempo )?(?:vien|lleg|sub|me (?:atiend|escrib|respond))\w*|when (?:will|are) (?:they"
    r"|you|someone|somebody)|who (?:will|is going to) (?:contact|call|write|reach|get back)"
    r"|qui[eé]n (?:me|nos) (?:va a |contacta|escrib|llama)\w*)\b",
    re.IGNORECASE,
)
_THE_OTHER = re.compile(
    r"\bno\b.*\b(?:la|el) otr[oa]\b|\b(?:la|el) otr[oa],? no\b|\bnot\b.*\bthe other\b|\bthe other\b.*\bnot\b"
    r"|\bn[aã]o\b.*\b(?:a|o) outr[oa]\b",
    re.IGNORECASE,
)
_SAME_AGAIN = re.compile(
    r"\b(?:otra|una) (?:habitaci[oó]n |reserva |m[aá]s )*(?:igual\w*|id[eé]ntica)\b|\blo mismo (?:para|pero)\b"
    r"|\b(?:otra|another)\b[^.?!]{0,60}\b(?:mismas fechas|mismos d[ií]as|same (?:dates|days|nights|stay))\b"
    r"|\b(?:the )?same (?:again|thing|booking|room)\b[^.?!]{0,20}\bfor (?:my|a|our)\b"
    r"|\banother (?:one|room|booking)\b[^.?!]{0,25}\b(?:like (?:it|that|this|mine)|the same|identical)\b"
    r"|\b(?:the )?same (?:thing|details|conditions|deal)\b|\b(?:the )?same as (?:before|last time|the (?:other"
    r"|first|last))"
    r"|\b(?:y )?(?:en )?lo mismo que (?:antes|la (?:otra|anterior))\b|\bmismas condiciones\b"
    r"|\bigual (?:para|que la (?:mía|m[ií]a|anterior))\b",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"\b(robot|bot|chatbot|máquina|maquina|machine|ia|ai|inteligencia artificial|real person)\b",
    re.IGNORECASE,
)
_ASKING_WHO = re.compile(
    r"\b(eres|sos|qui[eé]n (?:me|te|nos) atiende|con qui[eé]n (?:hablo|estoy)"
    r"|es usted|estoy hablando|hablo|are you|am i (talking|speaking|chatting)|is (?:this|that|it)|est[oe] es)\b",
    re.IGNORECASE,
)
_RATHER_A_PERSON = re.compile(
    r"\b(?:let me|i want to|i'?d like to|can i|could i|need to|rather|please) (?:talk|speak)\b|\b(?:want|prefer|need"
    r"|(?:get|give) me) an?"
    r" (?:person|human|real|actual)|\b(?:quiero|prefiero|necesito|p[aá]s[ae]me|comun[ií]\w+me)\b",
    re.IGNORECASE,
)


def speaks_of_booking(text: str) -> bool:
    """True when a booking is named, not only "that"."""
    return _OF_A_BOOKING.search(text) is not None


def has_no_code(text: str, *, asked: bool = False) -> bool:
    """True when the code of a booking is lost; `asked` for it, "I don't have it" is enough."""
    return _CODE_IS_LOST.search(text) is not None and (asked or _CODE.search(text) is not None)


def is_about_name(text: str) -> bool:
    """True when a name, or how the guest is reached, is to be changed; only asked where words are about a change."""
    return _NAME.search(text) is not None


def wants_manager(text: str) -> bool:
    """True when the person that is wanted is the manager."""
    return _MANAGER.search(text) is not None


def follows_up(text: str) -> bool:
    """True for "and for my daughter?": it leans on what was said before."""
    return _FOLLOWING_UP.search(text) is not None


def asks_anew(text: str) -> bool:
    """True for "and do you have a laundry?": another thing is asked for."""
    return _ASKING_ANEW.search(text) is not None


def leaves_open(question: str, fact: str) -> bool:
    """True when an animal is asked about that the fact does not speak of: "and my cat?", where dogs are welcome."""
    asked = {kind for kind, words in _ANIMALS.items() if words.search(question)}
    told = {kind for kind, words in _ANIMALS.items() if words.search(fact)}
    return bool(asked and told) and not asked & told


def asks_bare(text: str) -> bool:
    """True for "what time?" and "where?" and nothing else: it is about what was spoken of."""
    return _BARE_QUESTION.fullmatch(text) is not None


def names_place(text: str) -> bool:
    """True for "in the suite?": what was told, asked for one place."""
    return _IN_PLACE.search(text) is not None


def does_not_mind(text: str) -> bool:
    """True when any of what was offered will do; "anything cheaper?" is a question."""
    return _ANY.search(text) is not None and "?" not in text and not asks_for_less(text)


def only_wonders(text: str) -> bool:
    """True for "and the other rate?": asked to compare, and no choice of it."""
    return _WONDERING.search(text) is not None


def asks_for_machine(text: str) -> bool:
    """True when somebody asks whether a machine is talking, and wants nobody else."""
    asks = _MACHINE.search(text) is not None and _ASKING_WHO.search(text) is not None
    return asks and _RATHER_A_PERSON.search(text) is None


def thinks_it_over(text: str) -> bool:
    """True when the answer is to come later: neither a yes nor a no."""
    return _THINKING.search(text) is not None


def given_up_from(text: str) -> int:
    """Where what is not wanted any more begins: "a double instead of the suite". The length of the text without such
    words."""
    found = _GIVEN_UP.search(text)
    return found.start() if found else len(text)


def wants_data_erased(text: str) -> bool:
    """True when personal data is to be forgotten; only asked where data is what the words are about."""
    return _ERASED.search(text) is not None


def wants_copy_of_data(text: str) -> bool:
    """True when somebody wants to see what is kept; only asked where data is what the words are about."""
    return _COPY.search(text) is not None


def asks_what_if_canceled(text: str) -> bool:
    """True for "what if I cancel?": the rule is asked for, and nothing is to be called off."""
    return _WHAT_IF.search(text) is not None


def diet_of(text: str) -> frozenset[str]:
    """What somebody may not eat, as the beginnings of the words for it: only a fact that has one of them answers."""
    stems = (found.casefold()[:_DIET_STEM].rstrip("s") for found in _DIET.findall(text))
    return frozenset(_SAME_DIET.get(stem, stem) for stem in stems)


def means_of_transport(text: str) -> frozenset[str]:
    """What somebody wants to ride on: only a fact that has one of the words answers."""
    return frozenset(found.casefold() for found in _MEANS.findall(text))


def wants_money_back(text: str) -> bool:
    """True when money that was paid is wanted back; to give a stay up is something else."""
    return _MONEY_BACK.search(text) is not None and _OF_A_CANCELLATION.search(text) is None


def says_same_days(text: str) -> bool:
    """True for "same dates, just in January"."""
    return _SAME_DAYS.search(text) is not None


def mends_surname(text: str) -> bool:
    """True when the surname alone is what the words are about."""
    return _SURNAME.search(text) is not None


def asks_how_long(text: str) -> bool:
    """True for "how long will they take?"; only asked where somebody is waited for."""
    return _HOW_LONG.search(text) is not None


def wants_the_other(text: str) -> bool:
    """True for "not the flexible one, the other": what is named is what is not wanted."""
    return _THE_OTHER.search(text) is not None


def wants_same_again(text: str) -> bool:
    """True when one more stay like the one just booked is wanted: "and another one like it for my sister"."""
    return _SAME_AGAIN.search(text) is not None


def tells_of_hardship(text: str) -> bool:
    """True for illness, accidents and deaths: reasons that are not for a machine to weigh."""
    return _HARDSHIP.search(text) is not None


def does_not_know(text: str) -> bool:
    """True for "I don't know yet": no answer, and no refusal either."""
    return _NOT_KNOWN.search(text) is not None


def is_to_be_done(text: str) -> bool:
    """True for "yes please", "hazlo": more than "ok", which may only mean that the words were read."""
    return _TO_BE_DONE.search(text) is not None
