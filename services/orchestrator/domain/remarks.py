"""Small things that words say about what is under way: whether it is done, what was said before, whether anybody is
there, somebody else's stay, thanks, and the language that is wanted."""

from __future__ import annotations

import re

_WHETHER_DONE = re.compile(
    r"\b(?:is|are|was|did) (?:it|that|this|my (?:booking|reservation|room)|everything|we) "
    r"(?:all |actually |now |really |already |still |even )*"
    r"(?:booked|cancel\w*|confirmed|go(?:ne)? through|changed|reserved|done|work)\b(?! for\b)[^.!]{0,20}\?"
    r"|\b(?:so )?(?:do|have) (?:i|we) (?:actually |now |really |already |still )*(?:have|got)? ?a (?:room|booking"
    r"|reservation)(?: or not| now| then)?\W*\?"
    r"|\b(?:ya |todo |entonces |si )*(?:qued[oó]|est[aá]|quedamos) (?:ya )?"
    r"(?:reservad|confirmad|cancelad|cambiad|hech)[oa]s?\b(?! para)[^.!]{0,20}\?"
    r"|\b(?:tengo|tenemos) (?:ya )?(?:la )?(?:reserva|habitaci[oó]n) o no\b",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"\b(?:what|which|how (?:much|many)|when)\b[^.!?]{0,30}\b(?:again|did (?:you|they|he|she|we) (?:say|agree|offer"
    r"|promise))\b"
    r"|\b(?:qu[eé]|cu[aá]l|cu[aá]nt[oa]s?|cu[aá]ndo)\b[^.!?]{0,30}\b(?:dijo|dijeron|dijiste|me dij\w+|quedamos"
    r"|acordamos|prometi\w+|ofreci\w+|era)\b",
    re.IGNORECASE,
)
_ANYBODY = re.compile(
    r"^\W*(?:hello+|hi|hey|hola)\b\s*\?\W*(?:any(?:one|body)\W*|alguien\W*)?$|^\W*(?:any(?:one|body)|alguien)\W*\?"
    r"|\b(?:do|should) (?:i|we) (?:need to |have to )?do anything\b"
    r"|\bwhat (?:happens|do (?:i|we) do) (?:now|next)\b|\btengo que hacer algo\b"
    r"|\b(?:is (?:any(?:one|body)|some(?:one|body)) (?:\w+ )?(?:there|here)|any(?:one|body) there"
    r"|are you (?:still )?there|hay alguien|siguen? ah[ií]|est[aá]n? ah[ií]"
    r"|nadie (?:contesta|responde)|alguien ah[ií])\b",
    re.IGNORECASE,
)
# Whose stay the guest may of course speak of.
_OWN = r"(?:i|we|my|our|the|a|an|it|this|that|there|you|your|breakfast|any\w*|some\w*|mi|nuestr[oa]|la|el|un|una)"
_KIN = (
    r"(?:husband|wife|partner|boyfriend|girlfriend|friend|colleague|boss|mother|father|mum|mom|dad|son|daughter"
    r"|brother|sister|cousin|client|guest|marido|espos[oa]|novi[oa]|pareja|amig[oa]|jef[ea]|madre|padre|mam[aá]|pap[aá]"
    r"|hij[oa]|herman[oa]|prim[oa]|client[ea]|hu[eé]sped|compañer[oa])"
)
_SOMEBODY = (
    rf"(?:(?!{_OWN}\b)[^\W\d_][\w'’-]*|(?:my|our|the|a|mi|la|el|un|una) {_KIN})(?: (?!{_OWN}\b)[^\W\d_][\w'’-]*){{0,4}}"
)
_STAYS = (
    r"(?:still |currently |already )?"
    r"(?:staying|checked[ -]in|booked in|a guest|registered|lodging|at (?:the|your) hotel)"
)
_SOMEBODY_ELSE = re.compile(
    rf"\b(?:my|our|mi|nuestr[oa]) {_KIN}(?: (?-i:[A-ZÁÉÍÓÚÑ])[\w'’-]+)* (?:is|are|['’]s|est[aá]n?"
    rf"|se) (?:\w+ )?(?:staying|booked"
    r"|arriving|checked|a guest|there|with you|alojad\w+|hospedad\w+|alojando|queda\w*)\b"
    r"|\b(?:which|what) (?:room|dorm|floor|bed)(?: number)?(?: is)? (?:s?he|they)\b|\b(?:if|whether|has"
    r"|have) (?:s?he|they) "
    r"(?:has |have |is |are )?(?:\w+ )?(?:arrived|checked|there|staying|left)\b"
    rf"|\b(?:is|are|was|has) (?:an? )?{_SOMEBODY}? ?{_STAYS}\b"
    rf"|\b(?:if|whether) (?:an? )?{_SOMEBODY} (?:(?:is|are|was|has|have) )?{_STAYS}\b"
    rf"|\b(?:which|what) room (?:is|are) (?:(?:my|our|the) {_KIN}|s?he|they|(?-i:[A-ZÁÉÍÓÚÑ])[\w'’-]+)\b"
    rf"|\b(?:arrival|departure|check[- ]?in|check[- ]?out|room|booking|reservation|stay|details?|dates?|number)"
    rf"(?: (?:date|time|number|details|status))? (?:of|for) (?:mr|mrs|ms|miss|dr|(?:my|our|the) {_KIN})\b"
    r"|\b(?:llegada|salida|habitaci[oó]n|reserva|estancia|datos|fechas?) (?:del?|para) (?:la |el )?"
    r"(?:sr|sra|se[nñ]ora?|ing|lic|dra?)\b"
    r"|\b(?:se (?:alojan?|hospedan?|est[aá]n? (?:alojando|hospedando|quedando))"
    r"|est[aá]n? (?:alojad|hospedad|registrad)\w+)\b(?! (?:en )?(?:mi|nuestr))"
    rf"|\b(?:my|our|mi|nuestr[oa]) {_KIN}(?: (?-i:[A-ZÁÉÍÓÚÑ])[\w'’-]+)* (?:has|have|had|made|tiene|hizo)"
    r" (?:an? |una )?(?:booking|reservation|room|reserva|habitaci[oó]n)\b"
    rf"|\bsi (?:[eé]l|ella|mi {_KIN}|(?-i:[A-ZÁÉÍÓÚÑ])[\w'’-]+) (?:ya )?(?:tiene|hizo|reserv[oó])\b"
    rf"|\bsoy (?:el|la|su) {_KIN} de (?-i:[A-ZÁÉÍÓÚÑ])"
    r"|\ben (?:qu[eé]|cu[aá]l) (?:habitaci[oó]n|cuarto) (?:est[aá]|se (?:aloja|hospeda|queda))\b"
    r"(?! (?:mi|nuestra) (?:habitaci|reserva))",
    re.IGNORECASE,
)
_WANTS_TO_KNOW = re.compile(
    r"\?|\b(?:necesito|quiero|quisiera|need|want|would like) (?:to )?(?:saber|know)\b|\b(?:tell"
    r"|let) me (?:know )?(?:if|whether|when)\b|\b(?:i|we) (?:need|want|would like"
    r"|require)(?: to know)? the\b|\b(?:tell|give|send) (?:me|us) the\b"
    r"|\b(?:necesito|quiero|dame|deme|p[aá]s[ae]me) (?:saber )?(?:la|el|los|las)\b|\b(?:saber|confirm\w*|dec\w+"
    r"|dig\w+|ver|know|tell|check|see|find out)(?: me| us)? (?:si|if|whether)\b",
    re.IGNORECASE,
)
_ONLY_THANKS = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|vale|listo|bueno|perfect[oa]?|great|all right|alright|de acuerdo|entendido|i understand"
    r"|understood|i see|ya)\W+)*(?:muchas |mil |many )?(?:gracias|thanks|thank you|thx|ty|cheers)\b[^?]{0,20}$",
    re.IGNORECASE,
)
_LANGUAGES = {
    "es": r"(?:espa[nñ]ol|castellano|spanish|espanhol)",
    "en": r"(?:ingl[eé]s|english)",
    "pt": r"(?:portugu[eéê]s|portuguese)",
}
_IN_LANGUAGE = {
    code: re.compile(
        r"(?<!n't )(?<!not )(?<!no )\b(?:speak|habl\w+|talk|write|continue|carry on|go on|chat|switch to|change to"
        r"|continu\w+|segui\w*|escrib\w+|respond\w+|answer|atiend\w+)(?: to me"
        r"| me| us)? (?:in |en )?"
        rf"{name}\b(?!.*\b(?:poco|little|bit)\b)|^\W*(?:(?:ok|and|y|in|en|prefiero|i prefer|can we|podemos)\W+)*{name}"
        r"\b\W*(?:please|por favor|porfa\w*|better|mejor|is ok)?\W*$",
        re.IGNORECASE,
    )
    for code, name in _LANGUAGES.items()
}
_ARRIVAL_ONLY = re.compile(
    r"\b(?:come|arrive|get there|check in|lleg\w+|entr(?:ar|amos)) (?:\w+ ){0,3}?(?:earlier|early|sooner|before"
    r"|later|antes|despu[eé]s)\b|\b(?:cambi\w+|mover|mueva|modific\w+|chang\w+|move|push) (?:la |mi |nuestra |the "
    r"|my |our )?"
    r"(?:fecha de )?(?:llegada|entrada|arrival|check-?in)\b|\b(?:salida|departure"
    r"|check-?out)\b[^.?!]{0,15}\b(?:igual|same|stays|no cambia|se mantiene)\b"
    r"|\b(?:lleg\w+|arriv\w+|get there|make it)\b[^.?!]{0,30}\b(?:sino|en (?:lugar|vez) del?|instead of|rather than"
    r"|until|till|but|only)\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"(?<!no )(?<!not )(?<!n't )\b(?:cambi(?:e|en|a|ar|emos|[ae]l[ao]|[ae]me)|c[aá]mbi[ae]l[ao]|modifi(?:que|quen"
    r"|ca|car|carl[ao])"
    r"|modif[ií]qu?[ae]l[ao]|mu[eé]v[ae](?:l[ao]|n)?|muevo|mover(?:l[ao])?|(?:la|lo) (?:pas|corr)(?:o|as?|es?|amos"
    r"|emos)"
    r"|pas(?:ar|[áa])l[ao]|correrl[ao]|posp[oó]n\w+|change|move|reschedule|postpone|mude|altere)\b",
    re.IGNORECASE,
)
_SOLVED = re.compile(
    r"\bya (?:regres[oó]|volvi[oó]|qued[oó]|funciona|sirve|jala|anda|(?:lo |la |se )?(?:arregl|solucion|resolvi)\w+"
    r"|est[aá] (?:bien|resuelt[oa]|solucionad[oa]|arreglad[oa]))\b"
    r"|\b(?:it['’]?s|is|it is) (?:working|fixed|sorted|back on|back|solved) (?:now|again)\b|\b(?:all )?(?:sorted"
    r"|fixed) now\b",
    re.IGNORECASE,
)
_WITHHOLDS_NAME = re.compile(
    r"\b(?:prefiero no|no quiero|no (?:voy|pienso) a|por qu[eé]|para qu[eé])\b[^.?!]{0,20}\b(?:dar|decir|nombre"
    r"|necesit\w+)\b"
    r"|\b(?:rather not|don'?t want to|won'?t|why)\b[^.?!]{0,25}\b(?:say|give|tell|name|need (?:it|that))\b"
    r"|\b(?:an[oó]nim\w+|anonymous\w*)\b",
    re.IGNORECASE,
)
_DROPS_IT = re.compile(
    r"\b(?:never ?mind|forget (?:it|about it)|leave it|some other time|no thanks|no thank you|olv[ií]d\w+"
    r"|d[eé]j[ae]\w*lo"
    r"|ni modo|otra vez ser[aá]|no,? gracias|gracias igual|esquece|deixa)\b",
    re.IGNORECASE,
)
_PLEA = re.compile(
    r"\b(?:excepci[oó]n|exception|waive|condon\w+|consideraci[oó]n|be flexible about|understand (?:my|our) situation"
    r"|(?:perdon|quit|elimin)\w+ (?:el|ese|la|esa) (?:cargo|multa|penalizaci[oó]n|costo|cobro)|let (?:me|us) off"
    r"|goodwill"
    r"|(?:remove|drop|skip) (?:the|that) (?:fee|charge|penalty)"
    r"|entiend\w+ (?:mi|nuestra) situaci[oó]n|exce[cç][aã]o)\b",
    re.IGNORECASE,
)
_UNDONE = re.compile(
    r"\bd[eé]j[ae]n?(?:l[ao]|me)? (?:\w+ ){0,2}?(?:como|tal (?:y )?como|igual que) (?:estaba|antes)\b|\b(?:deshag"
    r"|deshac|reactiv|r[e]?establec)\w+"
    r"|\b(?:undo|reinstat\w+|reactivat\w+|un-?cancel\w*)\b|\b(?:put|leave|change) it (?:back|(?:as|the way"
    r"|how) it was)\b"
    r"|\bme arrepent\w+|\b(?:i(?:'ve)? |we(?:'ve)? )?changed (?:my|our) minds?\b|\b(?:don'?t|do not) cancel\b"
    r"|\bno l[ao] cancel\w+",
    re.IGNORECASE,
)
_MISTAKEN = re.compile(
    r"\b(?:me equivoqu[eé]|nos equivocamos|my mistake|i made a mistake|i got (?:it|the dates?|that) wrong|i meant"
    r"|quise decir"
    r"|era en realidad|wrong (?:day|date|month|week)s?|me enganei)\b",
    re.IGNORECASE,
)
_GOING = r"(?:nos vamos|me voy|salimos|salgo|dejamos|leav(?:e|ing)|check(?:ing)? out|go(?:ing)? home)"
_OTHERWISE = (
    r"(?:mejor|al final|cambio de planes?|decidimos|antes de lo (?:previsto|planeado)"
    r"|actually|instead|after all|change of plans?|early|earlier|sooner)"
)
_LEAVES_OTHERWISE = re.compile(
    rf"\b(?:{_OTHERWISE}\b[^.?!]*\b{_GOING}|{_GOING}\b[^.?!]*\b{_OTHERWISE})\b", re.IGNORECASE
)
_MORE_PEOPLE = re.compile(
    r"\b(?:add|bring|with|for|have|sum\w+|agreg\w+|a[nñ]ad\w+|llevar|con)\b[^.?!]{0,15}?\b(?:(?P<two>two|2|dos)|an?"
    r"|one|1|una?)"
    r" (?:(?:more|extra|additional|other) (?:person|people|guest|adult|friend)s?|(?:persona|hu[eé]sped|adulto"
    r"|amig[oa])s? m[aá]s)"
    rf"|\b(?:mi|nuestr[oa]|my|our) (?:{_KIN}|suegr[oa]|abuel[oa]|t[ií][oa]|cu[nñ]ad[oa]) (?:tambi[eé]n|adem[aá]s) "
    r"(?:va|viene|ir[aá]|vendr[aá]|se suma)\b"
    r"|\b(?:add|bring|agreg\w+|a[nñ]ad\w+|sum\w+) (?:another|an? (?:third|fourth)|una? (?:tercer|cuart)[oa]?)"
    r" (?:person|guest|adult|hu[eé]sped)\w*|\botra persona\b",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"\b(?:s[oó]lo|solamente|[uú]nicamente|una sola|un solo|nada m[aá]s|nom[aá]s|just|only)\b", re.IGNORECASE
)
_QUESTION = re.compile(
    r"^\W*(?:(?:and|but|so|ok|also|wait|y|pero|oye|e)\W+)*(?:do|does|did|is|are|can|could|will|would|has|have|what"
    r"|whats"
    r"|where|when|how|which|who|tienen?|hay|se puede|puedo|qu[eé]|cu[aá]l|c[oó]mo|d[oó]nde|cu[aá]ndo)\b",
    re.IGNORECASE,
)
_OWN_BILL = re.compile(
    r"\b(?:cu[aá]nto (?:\w+ )?(?:voy|vamos|tengo|tenemos|me toca|nos toca|debo|debemos)(?: (?:a|que))?(?: pagar)?\b"
    r"(?! por)"
    r"|how much (?:will|do|must|should|would) (?:i|we) (?:still )?(?:have to |need to )?(?:pay|owe)\b(?! for)"
    r"|(?:my|our) (?:total|balance)|mi (?:total|saldo))",
    re.IGNORECASE,
)
_OWN_CODE = re.compile(
    r"\b(?:code|booking number|reservation number|confirmation number|reference|c[oó]digo|folio|localizador)\b",
    re.IGNORECASE,
)
_OTHER_CODE = re.compile(
    r"\b(?:wi-?fi|door|gate|dress|discount|promo\w*|safe|post|zip|area|puerta|descuento|postal|caja|promocional)\b",
    re.IGNORECASE,
)
_INFO = re.compile(
    r"(?:(?:hola|buenas|hi|hello|quiero|quisiera|necesito|deseo|m[aá]s|some|more|i need|i want|me das|me da)\W+)*"
    r"(?:info(?:rmaci[oó]n|rmation)?|informes)(?: (?:por favor|porfa\w*|please|del hotel|about the hotel))*\W*",
    re.IGNORECASE,
)
_AIRPORT = re.compile(r"\b(?:aeropuerto|airport|terminal|vuelo|flight|aeroporto|voo)\b", re.IGNORECASE)
_FLIGHT = re.compile(r"\b(?:vuelo|avi[oó]n|aterriz\w+|flight|plane|lands?|landing|v[oô]o)\b", re.IGNORECASE)
_WAITS = re.compile(
    r"(?:(?:ok(?:ay)?|ya|bueno|vale|dale|listo|perfecto|gracias|entonces|muchas|claro|all right|fine)\W+)*"
    r"(?:(?:l[oa]s? |les? )?(?:espero|esperamos)|quedo (?:atent[oa]|a la espera|pendiente)|quedamos atent[oa]s"
    r"|(?:i|we)(?:'ll| will) wait)(?: (?:entonces|su respuesta|la respuesta|aqu[ií]|then|here))?"
    r"(?:\W+(?:muchas )?(?:gracias|saludos|thanks))?\W*",
    re.IGNORECASE,
)
_OWN_STAY = re.compile(
    r"\b(?:how many nights|how much (?:is (?:it|that)|was (?:it|that)|(?:in )?total|(?:\w+ )?altogether|did (?:i|we))"
    r"|(?:what(?:['’]s| is| was| were)|tell me|remind me (?:of|what)) (?:again )?(?:the|my|our) (?:total|dates?"
    r"|price|arrival"
    r"|departure|check-?(?:in|out) (?:date|day))"
    r"|cu[aá]ntas noches (?:son|eran|tengo)|cu[aá]nto (?:es|era|ser[ií]a) (?:el total|en total|todo))\b",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"\b(?:another|other|extra|more|your|if|would|instead|parking|breakfast|dinner|otr[oa]s?|si|m[aá]s)\b",
    re.IGNORECASE,
)
_WITHOUT_WORDS = re.compile(r"[\W_]+")


def asks_whether_done(text: str) -> bool:
    """True for "is it booked now?", "¿ya quedó cancelada?": a question of fact, and no wish."""
    return _WHETHER_DONE.search(text) is not None


def asks_again(text: str) -> bool:
    """True for "what was the price again?"; only asked where a person said something."""
    return _AGAIN.search(text) is not None


def asks_for_anybody(text: str) -> bool:
    """True for "is anyone there?"; only asked where somebody is waited for."""
    return _ANYBODY.search(text) is not None


def asks_for_somebody_else(text: str) -> bool:
    """True when somebody wants to know whether, or where in the house, somebody else stays."""
    return _SOMEBODY_ELSE.search(text) is not None and _WANTS_TO_KNOW.search(text) is not None


def only_thanks(text: str) -> bool:
    """True for "ok, thanks": no answer to an open question."""
    return _ONLY_THANKS.search(text) is not None


def language_wanted(text: str) -> str:
    """The code of the language that somebody asks us to write in; empty when none is asked for."""
    return next((code for code, asks in _IN_LANGUAGE.items() if asks.search(text)), "")


def only_moves_arrival(text: str) -> bool:
    """True for "change my arrival to the 11th": the day of departure stays; only asked where a change is spoken of."""
    return _ARRIVAL_ONLY.search(text) is not None


def wants_change(text: str) -> bool:
    """True for "yes, change it": to the question whether to cancel that is no yes."""
    return _CHANGE.search(text) is not None


def wants_undone(text: str) -> bool:
    """True for "leave it as it was"; only asked where something was carried out."""
    return _UNDONE.search(text) is not None


def drops_it(text: str) -> bool:
    """True for "never mind"; only asked beside a no."""
    return _DROPS_IT.search(text) is not None


def says_it_is_solved(text: str) -> bool:
    """True for "it's working now"; only asked where somebody was told of a fault."""
    return _SOLVED.search(text) is not None and "?" not in text


def withholds_name(text: str) -> bool:
    """True for "I'd rather not say" and "why do you need it?"; only asked when the name was asked for."""
    return _WITHHOLDS_NAME.search(text) is not None


def pleads(text: str) -> bool:
    """True for "can't you make an exception?"; only asked of a fee, or where a person already has the case."""
    return _PLEA.search(text) is not None


def was_mistaken(text: str) -> bool:
    """True for "my mistake, I meant …": what was told last was wrong."""
    return _MISTAKEN.search(text) is not None


def leaves_otherwise(text: str) -> bool:
    """True for "we're leaving tomorrow after all": there is a stay that was to end on another day."""
    return _LEAVES_OTHERWISE.search(text) is not None


def added_people(text: str) -> int:
    """How many more would come; 0 for none. Only asked where a booking is being changed."""
    found = _MORE_PEOPLE.search(text)
    return (2 if found["two"] else 1) if found else 0


def says_only(text: str) -> bool:
    """True for "just one more": no more than that."""
    return _ONLY.search(text) is not None


def asks_for_info(text: str) -> bool:
    """True for "info please", about nothing in particular."""
    return _INFO.fullmatch(text.strip()) is not None


def flies(text: str) -> bool:
    """True for "the flight lands at 10:40": an hour at the airport, and not yet at the hotel."""
    return _FLIGHT.search(text) is not None


def names_airport(text: str) -> bool:
    """True where an airport or a flight is spoken of."""
    return _AIRPORT.search(text) is not None


def says_it_waits(text: str) -> bool:
    """True for "ok, I'll wait": no leave is taken."""
    return _WAITS.fullmatch(text.strip()) is not None


def begins_like_a_question(text: str) -> bool:
    """True for "does it have aircon", whose mark was left out."""
    return _QUESTION.search(text) is not None


def asks_own_bill(text: str) -> bool:
    """True for "how much will I pay in all?": where nothing else is talked over, the total of their own booking."""
    return _OWN_BILL.search(text) is not None


def asks_own_stay(text: str) -> bool:
    """True for "how many nights was it, and what's the total?"; only asked with a booking in hand and nothing open."""
    code = _OWN_CODE.search(text) is not None and _OTHER_CODE.search(text) is None
    return (code and "?" in text) or (_OWN_STAY.search(text) is not None and _ANOTHER.search(text) is None)


def is_only_a_sign(text: str) -> bool:
    """True for a thumb or a heart without a word: like a reaction, no consent to anything."""
    return bool(text.strip()) and _WITHOUT_WORDS.fullmatch(text.strip()) is not None
