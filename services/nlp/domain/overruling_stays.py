"""What is said for certain of stays and bookings: begun, changed, given up, asked about, answered."""

from __future__ import annotations

import re

from services.nlp.domain.overruling import EXTRAS, OF_A_STAY, Rule
from services.nlp.domain.overruling_house import ACUTE

_STAY_NOUN = r"(?:reserva(?:cion)?|estadia|estancia|habitacion|booking|reservation|room)"
_STAYS_HERE = (
    r"(?!it\b|there\b|anyone\b|this\b|that\b)[a-z]+(?: [a-z]+){0,3} (?:staying|booked in|a guest|checked in)\b"
)
_BREEDS = (
    r"(?:chihuahuas?|labrador(?:es|s)?|bulldogs?|poodles?|caniches?|pugs?|schnauzers?|yorkies?|terriers?|beagles?"
    r"|huskys?)"
)
STAY_RULES = (
    Rule(  # the money of a booking is wanted back, and with it the booking given up
        says=re.compile(
            r"\b(?:reserva(?:cion)?|reserve|reservamos|booking|reservation|booked)\b[^.?!]{0,60}"
            r"\b(?:want|need|like|quiero|queremos|necesito|quisiera)\b[^.?!]{0,20}"
            r"\b(?:refund\w*|money back|reembolso|devoluci\w+|devuelvan|reembolsen)\b"
        ),
        unless=re.compile(r"\b(?:dirty|filthy|suci[ao]|broken|noise|ruido|wrong|charged|cobr\w+)\b"),
        told="cancellation_request",
        not_told=("modification_request", "general_inquiry", *OF_A_STAY),
    ),
    Rule(  # one of several rooms is given back
        says=re.compile(
            r"\b(?:release|drop|cancel|remove|give (?:back|up)|liber\w+|quit\w+|cancel\w+|devolv\w+)\b[^.?!]{0,12}"
            r"\b(?:1|one|una|uno) (?:of (?:the|my|our)|de (?:las|mis|nuestras)) (?:\d )?"
            r"(?:rooms|doubles|twins|suites|habitaciones|dobles)\b"
        ),
        told="modification_request",
        not_told=("cancellation_request", *OF_A_STAY),
    ),
    Rule(
        says=re.compile(
            r"\b(?:nos|me) (?:puede\w*|podria\w*) (?:apuntar|anotar|agendar)\b"
            r"|\b(?:can|could) you (?:please )?(?:book|put|fit|pencil) (?:us|me) (?:in|down)\b"
        ),
        unless=re.compile(r"\b(?:spa|mesa|table|masaje|massage|cena|dinner|taxi|tour)\b"),
        told="reservation_request",
        not_told=("availability_check",),
    ),
    Rule(  # "¿y si la muevo a febrero?": what is moved is a stay that there is
        says=re.compile(
            r"\b(?:la|me la|nos la|se la) (?:muev\w+|movemos|corr[oae]\w*|recorr\w+|cambi[oae]\w*|pospon\w+|pospus\w+"
            r"|aplaz\w+|reagend\w+|reprogram\w+|pas(?:o|as|an|amos|a|e|es) (?:para|a(?! (?:recog|busc|llev))|al"
            r"|hasta))\b"
        ),
        unless=re.compile(r"\b(?:cama|bed|silla|tele\w*|maleta|ropa|sabana\w*|toalla\w*|habitacion|llave|tarjeta)\b"),
        told="modification_request",
        not_told=OF_A_STAY,
    ),
    Rule(  # somebody more, or something else, in a booking that there is
        says=re.compile(
            r"\b(?:en|a|de) (?:mi|nuestra) reserva(?:cion)?\b[^.?!]{0,25}\b(?:agreg|sum|anad|quit|cambi|inclu)\w+"
            r"|\b(?:agreg|sum|anad|quit|cambi)\w+\b[^.?!]{0,30}\b(?:en|a|de) (?:mi|nuestra) reserva(?:cion)?\b"
        ),
        unless=re.compile(rf"\b{EXTRAS}\b|\b(?:otra|nueva) reserva"),
        told="modification_request",
        not_told=OF_A_STAY,
    ),
    Rule(  # who urgently wants a room wants one to sleep in
        says=re.compile(
            r"\b(?:me|nos) urge (?:\w+ ){0,2}?(?:cuarto|habitacion|doble|suite|sencilla|familiar|lugar|hospedaje"
            r"|alojamiento)\b"
        ),
        told="reservation_request",
        not_told=("service_request", "human_request"),
    ),
    Rule(  # another day to come, and nothing given up
        says=re.compile(
            r"\b(?:no|can ?not|can'?t|won'?t|not|couldn'?t|unable)\b[^.?!]{0,30}\b(?:lleg\w+|entr\w+|estar|ir"
            r"|make it|get there"
            r"|arrive|come|be there)\b[^.?!]{0,30}\b(?:sino|but|only) (?:hasta |until |till )?(?:el|on|the)\b"
        ),
        unless=re.compile(r"\bcancel\w*|\banul\w*"),
        told="modification_request",
        not_told=("cancellation_request", "provide_info"),
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
    Rule(  # one guest more is a change, and no wish for a member of staff
        says=re.compile(
            r"\b(?:una?|otr[oa]|1) (?:persona|huesped|adulto) (?:mas|extra|adicional)\b|\botra persona (?:en|a|con"
            r"|va|viene)\b"
            r"|\b(?:1|one|an?|another|an extra) (?:more |extra |additional )?(?:person|guest|adult)\b(?= (?:in|to"
            r"|joining|coming|with us|more)\b)"
            r"|\b(?:add|bring) (?:1|one|an?|another) (?:more |extra )?(?:person|guest|adult)\b"
        ),
        told="modification_request",
        not_told=("human_request",),
    ),
    Rule(  # other days are thought of
        says=re.compile(
            r"\b(?:si|puedo|podria|podemos|y) (?:la |lo )?(?:paso|pasarl[ao]|muevo|moverl[ao]|cambio|dejo|corro"
            r"|correrl[ao]) (?:para|a) "
            r"(?:mas (?:adelante|tarde)|despues|otr[oa] (?:fecha|dia|semana|mes))\b"
            r"|\b(?:if|could|can) (?:i|we) (?:move|push|shift|put) (?:it|that) (?:to|off|back)\b"
        ),
        told="modification_request",
        not_told=("cancellation_request", "deny"),
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
    Rule(  # a wrong day in a booking that is made
        says=re.compile(
            r"\b(?:reserv\w+|book\w*)\b[^.?!]{0,40}\b(?:me|nos) equivo(?:que|camos) (?:de|con|en)\b"
            r"|\b(?:me|nos) equivo(?:que|camos) (?:de|con|en) [^.?!]{0,25}\b(?:reserv\w+|book\w*)\b"
            r"|\bbook\w*\b[^.?!]{0,30}\bwrong (?:dates?|days?|month|week|room)\b"
            r"|\bwrong (?:dates?|days?|month|week|room) (?:on|in|for) (?:my|our) (?:booking|reservation)\b"
        ),
        told="modification_request",
        not_told=("cancellation_request", *OF_A_STAY, "complaint"),
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
    Rule(  # what is struck off is the booking, and no list of addresses
        says=re.compile(
            rf"\b(?:dar|darme|doy|dame|den|dad|damos) de baja (?:a )?(?:una|la|mi|nuestra|esta|esa) {_STAY_NOUN}\b"
        ),
        told="cancellation_request",
        not_told=("opt_out", "modification_request"),
    ),
    Rule(  # what a cancellation would mean, which nobody has wished for yet
        says=re.compile(
            r"\b(?:(?:y si (?:la |lo )?cancel(?:o|amos)\b|si (?:la |lo )?cancel(?:o|amos) (?:antes|despues|el|un"
            r"|con|a|ahora|hoy|manana)\b"
            r"|si (?:la |lo )?cancel(?:o|amos)\b[^.!]{0,40}\?)|si (?:la |lo )?(?:cancelara|cancelase|cancelaramos"
            r"|tengo que cancelar|tuviera que cancelar"
            r"|necesito cancelar|quiero cancelar|tuvieramos que cancelar)\b|hasta (?:cuando|que (?:dia|fecha"
            r"|hora)) (?:se )?(?:puedo|podemos|pued[eo]n?|podria\w*)"
            r" cancelar|(?:what|how much|when|whats|how)\b[^.?!]{0,40}\b(?:if|when) (?:i|we) (?:have to |need to "
            r"|want to |had to )?cancel"
            r"|(?:if|in case) (?:i|we) (?:have to |need to |had to |want to )?cancel(?:led)?\b[^.!]{0,40}\?"
            r"|(?:until when|by when|how late|when) can (?:i|we) cancel)"
        ),
        unless=re.compile(
            r"\b(?:please cancel|cancel it\b|cancel[ae]l[ao]|(?<!puedo )(?<!podemos )cancelar mi|quiero cancelar la"
            r"|cancel my)\b"
        ),
        told="general_inquiry",
        not_told=("cancellation_request",),
    ),
    Rule(  # one of them stays at home, and the stay is not given up
        says=re.compile(
            r"\b(?:1|2|one|two) of (?:us|them|the \w+|our \w+)\b[^.?!]{0,15}\b(?:can'?t|cannot|isn'?t|is not|won'?t"
            r"|will not|aren'?t"
            r"|dropped|pulled|backed|bailed)\b"
            r"|\bun[oa] de (?:nosotr[oa]s|ell[oa]s|l[oa]s \w+)\b[^.?!]{0,15}\bno (?:puede|va|viene|podra)\b"
        ),
        unless=re.compile(r"\b(?:cancel\w*|anul\w*)\b"),
        told="modification_request",
        not_told=("cancellation_request", "emergency"),
    ),
    Rule(  # who thinks of coming has no booking to change
        says=re.compile(
            r"\b(?:quer(?:emos|ria|riamos)|quiero|quisiera(?:mos)?|pensamos|pienso|planeamos|planeo"
            r"|estamos (?:pensando|viendo)"
            r"|nos gustaria|me gustaria) (?:en )?(?:ir|visitar\w*|viajar|pasar|hospedar\w+|alojar\w+)\b"
            r"|\b(?:thinking of|planning (?:to|on)|hoping to|want to|would like to|'d like to) (?:com(?:e|ing)|visit\w*"
            r"|stay\w*)\b"
        ),
        unless=re.compile(
            r"\b(?:reserva\w*|booking|booked|cambi\w+|chang\w+|mov\w+|mas (?:noches|dias)|(?:noches?|dias?) mas|more"
            r"|extra|another|longer|instead|antes|despues|earlier|later)\b"
        ),
        told="availability_check",
        not_told=("modification_request",),
        score=0.6,
    ),
    Rule(  # a flight that was called off moves the arrival, and gives nothing up
        says=re.compile(
            r"\b(?:flight|plane|train|bus|vuelo|avion|tren|camion)\b[^.?!,]{0,15}\b(?:cancel\w*|delay\w*|retras\w+|demor\w+)\b"
            r"|\b(?:cancel\w+|retras\w+|demor\w+)(?: (?:el|mi|nuestro|our|my|the))? (?:flight|vuelo|avion|train|tren)\b"
        ),
        unless=re.compile(
            r"\b(?:cancel\w*|anul\w+)\b[^.?!]{0,12}\b(?:booking|reservation|room|stay|reserva\w*|habitaci\w+|estancia)\b"
            r"|\b(?:want|need|have|like|quiero|queremos|necesito|tengo que|tenemos que) (?:to )?cancel"
        ),
        told="modification_request",
        not_told=("cancellation_request", "out_of_scope", "service_request", *OF_A_STAY),
    ),
    Rule(  # which of the rates may be called off
        says=re.compile(
            r"\b(?:which|cual)(?: (?:1|one|rate|tarifa|of (?:them|those)|de (?:ellas|las 2)))?"
            r" (?:can (?:i|we)|could (?:i|we)|puedo|podemos|podria\w*|se puede)\b[^.?!]{0,10}\bcancel"
        ),
        told="general_inquiry",
        not_told=("cancellation_request",),
    ),
    Rule(  # who must leave today shortens a stay
        says=re.compile(
            r"\b(?:tengo|tenemos|debo|debemos|necesito) (?:que )?(?:irme|irnos|dejar el hotel|adelantar (?:mi|la"
            r"|nuestra)"
            r" salida)\b[^.?!]{0,20}\b(?:hoy|manana|antes)\b"
            r"|\b(?:i|we) (?:have|need|got) to (?:leave|go home|check ?out|fly home)\b[^.?!]{0,20}"
            r"\b(?:today|tomorrow|early|a day earlier)\b"
        ),
        unless=re.compile(
            r"\b(?:a las?|at|by|antes de las?|before) \d|\b(?:taxi|cab|uber|aeropuerto|airport|maletas?|bags)\b"
        ),
        told="modification_request",
        not_told=("general_inquiry", "cancellation_request", *OF_A_STAY),
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
    Rule(  # a stay that is moved
        says=re.compile(
            r"\b(?:muev[ae](?:me|nos)?l[ao]|(?:pas|cambi|corr)[ae](?:me|nos)?l[ao] (?:para|al?)\b|pospon\w+"
            r"|aplaz\w+|posterg\w+|reagend\w+"
            r"|reprogram\w+|(?:move|push|shift) (?:it|that|my booking|our booking|the booking)\b|postpone|reschedul\w+)"
        ),
        unless=re.compile(r"\b(?:taxi|mesa|table|masaje|massage|maleta\w*|equipaje|bags?|luggage|wake)\b"),
        told="modification_request",
        not_told=("provide_info", "cancellation_request"),
        score=0.95,  # surer than that a month is an answer
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
