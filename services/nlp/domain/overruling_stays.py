"""What is said for certain of stays: begun, asked about, looked at, answered."""

from __future__ import annotations

import re

from services.nlp.domain.overruling import OF_A_STAY, Rule
from services.nlp.domain.overruling_house import ACUTE

_STAYS_HERE = (
    r"(?!it\b|there\b|anyone\b|this\b|that\b)[a-z]+(?: [a-z]+){0,3} (?:staying|booked in|a guest|checked in)\b"
)
_BREEDS = (
    r"(?:chihuahuas?|labrador(?:es|s)?|bulldogs?|poodles?|caniches?|pugs?|schnauzers?|yorkies?|terriers?|beagles?"
    r"|huskys?)"
)
STAY_RULES = (
    Rule(
        says=re.compile(
            r"\b(?:nos|me) (?:puede\w*|podria\w*) (?:apuntar|anotar|agendar)\b"
            r"|\b(?:can|could) you (?:please )?(?:book|put|fit|pencil) (?:us|me) (?:in|down)\b"
        ),
        unless=re.compile(r"\b(?:spa|mesa|table|masaje|massage|cena|dinner|taxi|tour)\b"),
        told="reservation_request",
        not_told=("availability_check",),
    ),
    Rule(  # who urgently wants a room wants one to sleep in
        says=re.compile(
            r"\b(?:me|nos) urge (?:\w+ ){0,2}?(?:cuarto|habitacion|doble|suite|sencilla|familiar|lugar|hospedaje"
            r"|alojamiento)\b"
        ),
        told="reservation_request",
        not_told=("service_request", "human_request"),
    ),
    Rule(  # a place to park
        says=re.compile(
            r"\b(?:apart\w+|reserv\w+|guard\w+|separ\w+|reserve|save|hold) (?:\w+ ){0,2}?(?:un |el |mi |a |my )?"
            r"(?:cajon|lugar (?:de|para) (?:estacion\w+|el (?:coche|carro|auto)|mi (?:coche|carro|auto))|cochera"
            r"|estacionamiento"
            r"|parking(?: (?:space|spot|place))?)\b"
        ),
        told="general_inquiry",
        not_told=(*OF_A_STAY, "out_of_scope"),
    ),
    Rule(
        says=re.compile(r"\b(?:cancel|anul)(?:[ae]l[ao]s?|enl[ao]s?|arl[ao]s?)\b"),
        unless=re.compile(
            r"\bno (?:me |nos )?(?:la|lo|las|los)?\s?(?:cancel|anul)|\?|\bsi (?:quiero|tengo|necesito|hay)\b"
        ),
        told="cancellation_request",
    ),
    Rule(
        says=re.compile(
            r"\bno (?:me |nos )?(?:la |lo |las |los )?(?:cancel|anul)(?:es|e|en|emos|eis)\b|\b(?:do ?n'?t"
            r"|do not) cancel\b"
        ),
        told="deny",
        not_told=("cancellation_request",),
    ),
    Rule(  # the bookings that are there
        says=re.compile(
            r"\b(?:fij\w+|mir\w+|chec\w+|revis\w+|ver|check|see|look (?:up|at)|find"
            r"|show)(?: me)? (?:\w+ )?(?:mis reservas?|mis reservaciones"
            r"|my (?:bookings?|reservations?))\b"
        ),
        told="general_inquiry",
        not_told=(*OF_A_STAY, "out_of_scope"),
    ),
    Rule(  # what rooms are like, with no stay in it
        says=re.compile(
            r"\b(?:hay|tienen|tienes|tenes|teneis|cuentan con|are there|do you have|have you got|got any)\b[^.?!]{0,30}"
            r"\b(?:comunicad[ao]s|conectad[ao]s|contigu[ao]s|connecting|adjoining|interconnect\w+|balcon\w*|jacuzzi"
            r"|tina"
            r"|banera|bathtub|vistas?|views?|cocina|kitchen\w*|terraza|terrace)\b"
        ),
        unless=re.compile(
            r"\d|\b(?:para|for) (?:el|la|este|esta|hoy|manana|this|next|tonight|tomorrow)\b|\b(?:libres?"
            r"|disponib\w+|free|available)\b"
        ),
        told="general_inquiry",
        not_told=OF_A_STAY,
    ),
    Rule(  # who asks after a guest is in no danger
        says=re.compile(rf"\b(?:is|are) (?:an? )?{_STAYS_HERE}|\b(?:his|her|their) room (?:number|no)\b"),
        unless=ACUTE,
        not_told=("emergency",),
    ),
    Rule(  # whether somebody stays here is never a wish to
        says=re.compile(
            rf"\b(?:is|are) {_STAYS_HERE}"
            r"|\b(?:se (?:aloja|hospeda|queda|esta (?:alojando|hospedando|quedando))|esta (?:alojad|hosped"
            r"|registrad)\w+)\b[^.?!]{0,40}(?:\?|ahi|alli|con ustedes)"
            r"|\b(?:en (?:que|cual)|which|what) (?:habitacion|cuarto|numero de habitacion|room(?: number)?) (?:esta"
            r"|se (?:aloja|hospeda|queda)|is)\b(?! (?:the|la|el|cheap|best|mejor|mas|available|biggest|free"
            r"|included))"
        ),
        unless=re.compile(r"\b(?:mi|nuestra|my|our) (?:habitacion|cuarto|room|reserva\w*|booking)\b"),
        told="general_inquiry",
        not_told=OF_A_STAY,
    ),
    Rule(  # the booking that is there, shown or sent again
        says=re.compile(
            r"\b(?:cual (?:es|era) (?:mi|el) (?:codigo|numero de reserva|localizador)|what(?:'s| is"
            r"| was) my (?:booking|reservation|confirmation)? ?(?:code|number|reference)"
            r"|(?:mand|envi|reenvi|pas|muestr|mostr|ensen)\w*(?:me|nos)? (?:\w+ )?(?:el resumen|la confirmacion"
            r"|los detalles|el comprobante)"
            r"|(?:send|resend|forward|show|give) (?:me |us )?(?:\w+ )?(?:the |a |my )?(?:summary|confirmation"
            r"|details of my)"
            r"|(?:reserv|confirm)\w*\b[^.?!]{0,40}\b(?:no|nunca|aun no|todavia no) (?:me|nos) (?:ha |han )?(?:lleg"
            r"|mand|envi)\w*"
            r"|(?:book|reserv|confirm)\w*\b[^.?!]{0,40}\b(?:did ?n'?t|have ?n'?t|have not|never|not) (?:get|got"
            r"|receiv\w+)"
            r" (?:any|a|my|the|an))\b"
        ),
        told="general_inquiry",
        not_told=(*OF_A_STAY, "out_of_scope", "complaint", "modification_request", "cancellation_request"),
    ),
    Rule(
        says=re.compile(
            r"\b(?:hay alguien|habra alguien|is (?:there )?(?:anyone|someone|anybody|somebody)(?: \w+)?"
            r"|will (?:there be )?(?:anyone|someone|anybody))\b[^.!]{0,40}(?:\?|\b(?:desk|reception|recepcion)\b)"
        ),
        unless=re.compile(
            r"\b(?:talk|speak|hablar?|help|ayud\w+|call|ring|phone|llam\w+|contact\w*)\b"
            r"|^\W*(?:\w+\W+){0,2}(?:hay alguien|(?:is )?anyone)(?: ahi"
            r"| there)?\W*$"
        ),
        told="general_inquiry",
        not_told=(*OF_A_STAY, "human_request"),
    ),
    Rule(  # what is possible is asked, and nothing ordered yet
        says=re.compile(
            r"\b(?:can|could|may) (?:i|we) (?:drop|leave|store|keep)\b[^.!]{0,40}\b(?:bags?|luggage|suitcases?"
            r"|things)\b[^.!]{0,40}\?"
            r"|\b(?:se pued\w+|puedo|podemos|podria(?:mos)?) (?:dejar|guardar|dejarl\w+"
            r"|guardarl\w+)\b[^.!]{0,40}\b(?:maletas?|valijas?|equipaje|bolsos?|cosas|mochilas?)\b[^.!]{0,40}\?"
        ),
        told="general_inquiry",
        not_told=("service_request",),
    ),
    Rule(  # one more room, beside the one that is booked
        says=re.compile(
            r"\b(?:otra|un[oa] (?:mas|igual)) (?:\w+ )?(?:igual|mas|identica)?\s?(?:\w+ )?para (?:mi|mis|unos|una"
            r"|un|el|la)\b"
            r"|\banother (?:one|room|\w+ room)?(?: \w+){0,4} for (?:my|a|the|our|his|her)\b"
        ),
        unless=re.compile(
            r"\b(?:cama|cuna|persona|toalla|almohada|noche|bed|cot|person|towel|pillow|night|nights|noches"
            r"|fechas? para|cambi\w+|chang\w+)\b"
        ),
        told="reservation_request",
        not_told=("modification_request",),
    ),
    Rule(  # who travels with an animal must be told what the rule is
        says=re.compile(
            r"\b(?:con|llev\w+|traer\w*|traemos|traigo|tengo|tenemos|viaj\w+ con|son|with|bring\w*|have|got"
            r"|they'?re|it'?s)"
            r" (?:a )?(?:mi|mis|una?|\d|my|our|a|nuestr[oa]s?) (?:\w+ )?(?:perr\w+|gat[oa]s?|gatit[oa]s?|cachorr\w+"
            r"|dogs?"
            rf"|cats?|pupp\w+|kittens?|mascotas?|pets?|{_BREEDS})\b"
        ),
        unless=re.compile(r"\b(?:bark\w*|ladr\w+|vecin\w+|next door|noise|ruido)\b"),
        told="general_inquiry",
        not_told=("out_of_scope",),
    ),
    Rule(  # the booking that is there, looked at or asked after, and neither changed nor given up
        says=re.compile(
            r"\b(?:ver|saber (?:de|sobre)|consultar|revisar|checar|check|see|view|look (?:at|up)|know about|hear about)"
            r" (?:(?:de|sobre|on|about) )?(?:mi|my|our|nuestra) (?:reserva\w*|booking|reservation)\b"
            r"|\b(?:mi|la|nuestra|my|our|the) (?:reserva\w*|booking|reservation) (?:todavia |aun )?"
            r"(?:sigue|esta|queda|quedo|vale|is still|still)\b[^.!]{0,30}\?"
            r"|\b(?:is|are|was|did) (?:it|that|my booking|my reservation|we|everything) (?:all |actually |now "
            r"|really |still )*"
            r"(?:booked|cancel\w*|confirmed|go(?:ne)? through|changed|reserved|on|valid)\b[^.!]{0,20}\?"
            r"|\b(?:is|are) (?:my|our) (?:booking|reservation) (?:still |now )*(?:on|ok(?:ay)?|valid|there|booked"
            r"|confirmed)\b"
            r"|\b(?:forgot|lost|misplaced|don'?t (?:have|know|remember)|perdi|olvide|no (?:tengo|recuerdo|encuentro)) "
            r"(?:my|the|mi|el) (?:reservation|booking|confirmation|numero|codigo) ?(?:de )?(?:number|code|no\b"
            r"|reserva|confirmacion)?\W*$"
            r"|\b(?:quedo|esta|ya esta|sigue) (?:ya )?(?:reservad|confirmad|cancelad|hech)[oa]\b[^.!]{0,20}\?"
        ),
        unless=re.compile(
            r"\b(?:cambi\w+|modific\w+|change|modify|extend|move|hay algo|anything|disponib\w+|availab\w+|"
            r"if (?:i|we) cancel\w*|si cancel\w*|included|incluid[oa])\b"
        ),
        told="general_inquiry",
        not_told=("modification_request", "cancellation_request", "out_of_scope", *OF_A_STAY),
    ),
    Rule(
        says=re.compile(
            r"\b(?:(?:can|could) (?:you|i|we) (?:please )?(?:quote|(?:get|have|give \w+|send \w+) (?:a |an "
            r"|your )?quote)"
            r"|please (?:send (?:me |us )?(?:a |your )?)?quote|(?:me|nos) (?:pasan?|mandan?|envian?|dan) "
            r"(?:un |una |el |la )?(?:presupuesto|cotizacion))\b"
        ),
        unless=re.compile(r"\b(?:taxi|transfer|traslado|event|evento|wedding|boda|salon|menu)\b"),
        told="availability_check",
    ),
    Rule(  # where a booking was made is no trouble with the network
        says=re.compile(
            r"\b(?:hice|hicimos|reserv\w+|compr\w+|pag[ue]\w*|book\w*|made|paid)\b[^.?!]{0,25}"
            r"\b(?:por|en|on|via|through|over) (?:internet|la web|la pagina|su pagina|the (?:web|internet|net)"
            r"|your (?:web)?site)"
        ),
        unless=re.compile(
            r"\b(?:cobr\w+|charged|doble|twice|wrong|mal|error|no (?:funciona|sirve|puedo|deja)|(?:can|could|does"
            r"|did)n'?t)\b"
        ),
        told="provide_info",
        not_told=("complaint",),
    ),
    Rule(  # that a room is ready at an hour is a wish to come early
        says=re.compile(
            r"\b(?:have|get|be|esta(?:r|ra)?|tener|tenga\w*) (?:it |the room |our room |my room |la habitacion "
            r"|el cuarto )?"
            r"(?:ready|list[oa]|preparad[oa])\b[^.!]{0,15}\b(?:by|at|before|for|a|para|antes de)\b[^.!]{0,10}\d"
        ),
        told="general_inquiry",
    ),
)
