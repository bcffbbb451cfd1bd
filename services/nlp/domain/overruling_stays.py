"""What is said for certain of stays and bookings: begun, changed, given up, asked about, answered."""

from __future__ import annotations

import re

from services.nlp.domain.overruling import OF_A_STAY, Rule

_STAY_NOUN = r"(?:reserva(?:cion)?|estadia|estancia|habitacion|booking|reservation|room)"
_BREEDS = (
    r"(?:chihuahuas?|labrador(?:es|s)?|bulldogs?|poodles?|caniches?|pugs?|schnauzers?|yorkies?|terriers?|beagles?"
    r"|huskys?)"
)
_RATE = (
    r"(?:(?:la )?(?:tarifa )?(?:sin reembolso|no reembolsable|nrf|flexible)"
    r"|(?:the )?(?:non[ -]?refundable|flexible|flex)(?: rate| one)?)"
)
STAY_RULES = (
    Rule(  # a rate that is found good
        says=re.compile(
            rf"^\W*(?:\w+\W+){{0,2}}?{_RATE} (?:\w+ )?(?:esta (?:bien|perfect[oa])|va bien|me (?:sirve"
            rf"|parece(?: bien)?|va)"
            rf"|is (?:ok(?:ay)?|fine|good|perfect)|works|will do)\b"
        ),
        told="provide_info",
        not_told=("complaint", "compliment"),
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
    Rule(  # who made a booking is told, and no change wished for
        says=re.compile(
            r"\b(?:l[ao] (?:hizo|reservo|saco)|(?:la reserva|reserva\w*) l[ao] hizo) (?:mi|el|la|un|una)\b"
            r"|\b(?:my|the) \w+ (?:made|booked) (?:it|the booking|the reservation)\b"
        ),
        unless=re.compile(r"\b(?:cambi\w+|modific\w+|change|move)\b"),
        told="provide_info",
        not_told=("modification_request", "deny"),
        score=0.6,
    ),
    Rule(  # what there is will do
        says=re.compile(
            r"^\W*(?:(?:ok|bueno|pues|no se|me da igual|well|sure)\W+)*(?:(?:la|el|lo) que (?:haya|tengan?|sea"
            r"|quede|este"
            r"|convenga|me recomiende)|whatever (?:you have|is (?:left|free|available))|any (?:one )?(?:is fine"
            r"|will do|of them)"
            r"|either(?: one)?(?: is fine)?|you (?:choose|decide)|usted (?:decida|elija)"
            r"|cualquiera(?: de las dos)?)\W*$"
        ),
        told="provide_info",
        not_told=("greeting", "goodbye", "out_of_scope", "compliment"),
    ),
    Rule(  # a mistake in what was just told or booked
        says=re.compile(
            r"^\W*(?:(?:perdon|disculp\w+|ay|uy|sorry|oops|oh|no)\W+)*(?:me equivoque|nos equivocamos|my mistake"
            r"|i made a mistake"
            r"|i got (?:it|the dates?|that) wrong|i meant|quise decir|era en realidad)\b"
        ),
        not_told=("complaint", "out_of_scope"),
        told="provide_info",
    ),
    Rule(  # whether it could be changed some day is asked of the rule
        says=re.compile(
            r"\b(?:se pued\w+|puedo|podria(?:mos)?|podemos|can (?:i|we|it)|could (?:i|we)|is it possible to"
            r"|me dejan)\b[^.!]{0,20}"
            r"\b(?:cambi\w+|mover\w*|modific\w+|chang\w+|move)\b[^.!]{0,25}"
            r"\b(?:despues|luego|mas adelante|mas tarde|later|afterwards|at a later|si (?:algo|surge|hay|me sale)"
            r"|if (?:something|plans))\b[^.!]*\?"
        ),
        unless=re.compile(
            r"\d|\b(?:llegada|entrada|arrival|check[ -]?in|para (?:despues|luego|mas)|(?:to|for) (?:a )?later)\b"
        ),
        told="general_inquiry",
        not_told=("modification_request",),
    ),
    Rule(  # a price once more
        says=re.compile(
            r"^\W*(?:(?:espera|espere|perdon|disculpa|disculpe|oye|oiga|a ver|y|pero|wait|sorry|hold on|hang on|and"
            r"|but|ok|ah)\W+)*"
            r"(?:(?:en )?cuanto (?:era|es|fue|seria|quedo|quedaba|habia dicho|dijo|dijiste|dijeron"
            r"|me dijo)(?: que (?:era|es))?"
            r"(?: (?:el |en )?total| todo)?|cual (?:era|es) (?:el )?(?:total|precio)"
            r"|how much (?:was|is|were) (?:it|that|the total|we)(?: again| in total| altogether)?"
            r"|what (?:was|is) the (?:total|price)(?: again)?)\W*$"
        ),
        told="general_inquiry",
        not_told=("out_of_scope", "provide_info", *OF_A_STAY),
    ),
    Rule(  # what a stay costs together with a meal is asked of the meal, too
        says=re.compile(
            r"\b(?:cuanto|precio|costo|cuesta|sale|how much|price|cost)\b[^.!]{0,40}\b(?:con (?:el )?"
            r"|incluyendo (?:el )?|mas (?:el )?"
            r"|with (?:the )?|including |plus )(?:desayunos?|breakfasts?)\b"
        ),
        told="general_inquiry",
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
    Rule(  # the room that was offered is taken
        says=re.compile(r"^\W*(?:(?:ok|bueno|va|dale|si|entonces|pues|listo|ya)\W+)*me l[ao]s? (?:quedo|llevo|tomo)\b"),
        unless=re.compile(r"\bcon\b"),
        told="confirm",
        not_told=("emergency", "complaint", "out_of_scope"),
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
    Rule(  # "if it's more expensive, no": what is decided depends on what is not known yet
        says=re.compile(r"^\W*(?:pero )?(?:si|if)\b(?!,)[^,.;]{4,40},? (?:no|then no|mejor no)\W*$"),
        told="provide_info",
        not_told=("deny", "confirm"),
        score=0.55,
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
    Rule(  # not to know is no refusal
        says=re.compile(
            r"^\W*(?:(?:es que|pues|mmm*|uy|ay|la verdad|honestly|well|hmm+|um+)\W+)*(?:(?:todavia"
            r"|aun) no (?:l[ao]s? )?(?:se|sabemos)\b"
            r"|no (?:l[ao]s? )?(?:se|sabemos|sabria|estoy segur\w+|estamos segur\w+|tengo (?:idea|claro))\b"
            r"|(?:i|we) (?:do ?n'?t|do not) know|(?:i'?m |we'?re )?not (?:really |quite )?sure)"
        ),
        told="provide_info",
        not_told=("deny", "confirm", "out_of_scope"),
        score=0.55,
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
    Rule(  # whether somebody stays here is never a wish to
        says=re.compile(
            r"\b(?:is|are) (?!it\b|there\b|anyone\b|this\b|that\b)[a-z]+(?: [a-z]+){0,3} (?:staying|booked in"
            r"|a guest|checked in)\b"
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
            r"^\W*(?:y )?(?:como|en cuanto|cuanto) (?:me |nos )?(?:sale|saldria|queda|quedaria|es|seria|cuesta"
            r"|costaria)\W*$"
        ),
        told="general_inquiry",
        not_told=("out_of_scope", "provide_info"),
    ),
    Rule(  # a sum that is checked
        says=re.compile(
            r"\b(?:(?:pago|pagaria|pagamos|pagariamos|seria|serian|son|me sale|nos sale"
            r"|total)\b[^?]{0,20}\d{2,}[\d.,]*[^?]{0,20}(?:,| )(?:no|verdad|cierto|correcto|si)\?"
            r"|(?:that'?s|it'?s|pay|comes to|total)\b[^?]{0,20}\d{2,}[\d.,]*[^?]{0,20}(?:right|correct|yes|yeah"
            r"|total)\?)"
        ),
        told="general_inquiry",
        not_told=("provide_info", *OF_A_STAY),
    ),
    Rule(
        says=re.compile(
            r"\b(?:hay alguien|habra alguien|is (?:there )?(?:anyone|someone|anybody|somebody)(?: \w+)?"
            r"|will (?:there be )?(?:anyone|someone|anybody))\b[^.!]{0,40}\?"
        ),
        unless=re.compile(
            r"\b(?:talk|speak|hablar?|help|ayud\w+)\b|^\W*(?:\w+\W+){0,2}(?:hay alguien|(?:is )?anyone)(?: ahi"
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
    Rule(  # late, and coming all the same
        says=re.compile(
            r"\b(?:won'?t|will not|not going to|can'?t|no (?:voy a|vamos a|podemos|puedo)?)\s?(?:get|be|arrive"
            r"|make it|come|reach|lleg\w+|estar\w*)\b[^.?!]{0,25}"
            r"\b(?:til|till|until|before|hasta|antes de)\b[^.?!]{0,12}(?:\d|noon|midnight|midday|medianoche"
            r"|mediodia|madrugada)"
        ),
        told="provide_info",
        not_told=("cancellation_request", "complaint"),
    ),
    Rule(  # by which flight one comes
        says=re.compile(
            r"\b(?:vuelo|flight)\b[^.?!]{0,20}\b[a-z]{1,2}\d?\s?\d{2,4}\b"
            r"|\b[a-z]{2}\s?\d{3,4}\b[^.?!]{0,20}\b(?:vuelo|flight)\b"
        ),
        unless=re.compile(r"\?|\b(?:book|reserv\w+|cancel\w*|busc\w+|find)\b"),
        told="provide_info",
        not_told=("out_of_scope",),
    ),
    Rule(
        says=re.compile(r"^\W*(?:todo|todas|todos|all(?: of (?:it|them))?|everything)\W*$"),
        told="provide_info",
        not_told=("compliment", "goodbye"),
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
    Rule(  # a word of praise that opens a question
        says=re.compile(
            r"^\W*(?:great|perfect|excellent|awesome|brilliant|lovely|super|genial|perfecto|excelente|buenisimo)\b"
            r"[ ,.!]+(?:\w+ ){0,3}?(?:what|which|when|where|how|do|does|is|are|can|could|and|y|que|cual|cuanto|cuando"
            r"|donde|como|tienen|hay|puedo|se puede)\b[^.!]*\?"
        ),
        not_told=("compliment",),
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
    Rule(  # late, and on the way
        says=re.compile(
            r"\b(?:running (?:a bit |a little |very )?late|(?:vamos|voy|venimos|vengo) (?:un poco |muy )?(?:tarde"
            r"|retrasad\w+|con retraso))\b"
        ),
        told="provide_info",
        not_told=("complaint", "out_of_scope"),
    ),
)
