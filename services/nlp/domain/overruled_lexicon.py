"""The rules by which words overrule the model: what they say, what they tell, and what they do not tell."""

from __future__ import annotations

import re
from dataclasses import dataclass

LIKELY = 0.8
_OF_A_STAY = ("reservation_request", "availability_check")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Intents `told` and `not_told` by words that match `says`, unless `unless` matches, too."""

    says: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    told: str = ""
    not_told: tuple[str, ...] = ()
    score: float = LIKELY

    def holds(self, folded: str) -> bool:
        return bool(self.says.search(folded)) and not (self.unless and self.unless.search(folded))


_STAY_NOUN = r"(?:reserva(?:cion)?|estadia|estancia|habitacion|booking|reservation|room)"
ACUTE = re.compile(
    r"\b(?:help|ayuda\w*|auxilio|doctor|medico|ambulan\w+|ahora mismo|right now|can'?t|cannot"
    r"|no (?:puede|puedo|responde)|fever|fiebre|vomit\w+|desmay\w+|faint\w+|chest|pecho|blood|sangre)\b"
)
_OWN_DATA = re.compile(
    r"\b(?:datos|data|dados|personal\w*|privaci\w+|privacidad|gdpr|rgpd|lopd|arco|cuenta|account|historial|history"
    r"|registros?"
    r"|records?|conversaci\w+|chat|numero|number|borr\w+|elimin\w+|suprim\w+|delete|erase|remove|forget|olvid\w+"
    r"|about me|sobre mi|de mi|my info\w*|mi info\w*)\b"
)
RULES = (
    Rule(  # "¿me das información?" asks for anything but what is kept of the guest
        says=re.compile(
            r"\b(?:das?|dan|dame|deme|denme|dar(?:me|nos)?|give|send|get|need|want)\b[^.?!]{0,30}\binfo\w*"
        ),
        unless=_OWN_DATA,
        not_told=("privacy_request",),
    ),
    Rule(
        says=re.compile(r"\b(?:gracias por nada|thanks for nothing|thank you for nothing|de nada sirv\w+)\b"),
        told="complaint",
        not_told=("goodbye",),
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
    Rule(  # lost property
        says=re.compile(
            r"\b(?:(?:think |believe )?(?:i|we|my \w+) (?:\w+ )?(?:left|forgot|lost) (?:behind )?(?:my|our|a|an|his"
            r"|her|the|one)\b(?! (?:review|deposit|message|hotel|room|comment|note))"
            r"|(?:left|forgot) (?:something|it|them) (?:behind|in (?:the|my|our) room)|lost (?:and found|property)"
            r"|(?:olvid(?:e|o|amos|aron)|deje olvidad[oa]s?|dejamos olvidad[oa]s?) (?:\w+ )?(?:mi|mis|el|la|los|las"
            r"|un|una|unos|unas|nuestr[oa]s?) "
            r"|(?:deje|dejamos|dejo|dejaron) (?:\w+ )?(?:mi|mis|su|sus|un|una|unos|unas|nuestr[oa]s?"
            r"|algo)\b[^.?!]{0,40}"
            r"\b(?:en (?:el|la|mi|nuestr[oa]) (?:cuarto|habitacion|hotel|alberca|piscina|lobby|restaurante"
            r"|recepcion|bano))"
            r"|se (?:me|nos|le) (?:quedo|quedaron|olvido|olvidaron) (?:\w+ )?(?:mi|mis|el|la|los|las|un|una|unos"
            r"|unas|nuestr[oa]s?|algo)\b"
            r"|objetos perdidos)"
        ),
        unless=re.compile(
            r"\b(?:codigo|clave|contrasena|password|code|number|numero|nombre|fecha|key|llave|robaron|stolen"
            r"|card inside|locked)\b"
        ),
        told="service_request",
        not_told=("complaint", *_OF_A_STAY, "emergency"),
    ),
    Rule(  # whom a guest asks is no person of the hotel
        says=re.compile(
            r"\b(?:habl\w+|convers\w+|consult\w+|platic\w+|coment\w+|chec\w+|vea|veo|ver|talk|speak|check"
            r"|discuss)\b(?: \w+){0,2}? (?:con|with|to) (?:mi|mis|my|our|nuestr[oa]) "
        ),
        unless=re.compile(r"\b(?:manager|gerente|recepcion\w*|reception\w*|human|persona|agente|agent)\b"),
        not_told=("human_request",),
    ),
    Rule(  # whether somebody stays here is never a wish to
        says=re.compile(
            r"\b(?:is|are) (?!it\b|there\b|anyone\b|this\b|that\b)[a-z]+(?: [a-z]+){0,3} (?:staying|booked in"
            r"|a guest|checked in)\b"
            r"|\b(?:se (?:aloja|hospeda|queda|esta (?:alojando|hospedando|quedando))|esta (?:alojad|hosped"
            r"|registrad)\w+)\b[^.?!]{0,40}\?"
            r"|\b(?:en (?:que|cual)|which|what) (?:habitacion|cuarto|numero de habitacion|room(?: number)?) (?:esta"
            r"|se (?:aloja|hospeda|queda)|is)\b(?! (?:the|la|el|cheap|best|mejor|mas|available|biggest|free"
            r"|included))"
        ),
        unless=re.compile(r"\b(?:mi|nuestra|my|our) (?:habitacion|cuarto|room|reserva\w*|booking)\b"),
        told="general_inquiry",
        not_told=_OF_A_STAY,
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
        not_told=(*_OF_A_STAY, "out_of_scope", "complaint", "modification_request", "cancellation_request"),
    ),
    Rule(
        says=re.compile(r"^\W*(?:y )?(?:como|en cuanto|cuanto) (?:me |nos )?(?:sale|saldria|queda|quedaria)\W*$"),
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
        not_told=("provide_info", *_OF_A_STAY),
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
        not_told=_OF_A_STAY,
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
            r"\b(?:con|llev\w+|traer\w*|traemos|traigo|with|bring\w*|have) (?:a )?(?:mi|mis|un|una|dos|2|my|our|a"
            r"|two|nuestr[oa]s?) (?:\w+ )?(?:perr\w+|gat[oa]s?|gatit[oa]s?|cachorr\w+|dogs?|cats?|pupp\w+|kittens?"
            r"|mascotas?|pets?)\b"
        ),
        unless=re.compile(r"\b(?:bark\w*|ladr\w+|vecin\w+|next door|noise|ruido)\b"),
        told="general_inquiry",
    ),
    Rule(  # what is added to a booking beside its days and rooms is ordered from people
        says=re.compile(
            r"\b(?:agreg\w+|anad\w+|sum\w+|inclu\w+|pon\w*|add\w*|include) (?:\w+ ){0,2}(?:desayunos?|cuna"
            r"|estacionamiento|cochera|parking"
            r"|breakfasts?|cot|crib|(?:cama|bed) (?:extra|adicional|supletoria)|extra bed|traslado|transfer|cena"
            r"|dinner|spa|masaje|massage)\b"
        ),
        unless=re.compile(r"\?"),
        told="service_request",
        not_told=("modification_request",),
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
    Rule(  # kin is nobody in danger
        says=re.compile(r"^\W*(?:i'?m|i am|soy) (?:her|his|their|my|su|el|la) \w+\W*$"),
        not_told=("emergency",),
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
    Rule(  # something more for the stay, whose dates and room stay as they are
        says=re.compile(
            r"\b(?:agreg|anad|sum|add)\w*(?: \w+){0,3}? (?:desayunos?|breakfasts?|cuna|crib|cot"
            r"|cama (?:extra|adicional|supletoria)|extra bed|estacionamiento|parking|cochera|traslado|transfer)\b"
        ),
        unless=re.compile(r"\b(?:noches?|nights?|personas?|huesped\w*|guests?|people|fechas?|dates?)\b"),
        told="service_request",
        not_told=("modification_request",),
    ),
    Rule(  # who writes from a hospital bed needs no help in the hotel
        says=re.compile(
            r"\b(?:internad[oa]s?|hospitali[sz]ad[oa]s?|hospitali[sz]ed|(?:estoy|esta|estamos|i am|i'?m|is) "
            r"(?:en (?:el|un)|in (?:the |a )?)\s?hospital)\b"
        ),
        unless=ACUTE,
        not_told=("emergency",),
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
        not_told=("modification_request", "cancellation_request", "out_of_scope", *_OF_A_STAY),
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
    Rule(  # loud neighbours
        says=re.compile(
            r"\b(?:next door|next room|neighbou?rs?|upstairs|above us|vecin[oa]s?|de al lado|de arriba"
            r"|otra habitacion)\b"
            r"[^.?!]{0,40}\b(?:scream\w*|shout\w*|yell\w*|sing\w*|party\w*|loud\w*|grit\w+|cant\w+|fiesta|peleand\w+)\b"
        ),
        unless=re.compile(
            r"\b(?:help|ayuda\w*|auxilio|socorro|police|policia|hurt|hit(?:ting)?|golpe\w*|knife|cuchillo|gun|arma"
            r"|blood|sangre"
            r"|kill\w*|matar\w*|ambulan\w+|fire|fuego)\b"
        ),
        told="complaint",
        not_told=("emergency",),
    ),
    Rule(
        says=re.compile(
            r"\b(?:(?:you(?:'?re| are)|this (?:is|bot is)|that'?s|eres|es usted|son|esto es|que) (?:\w+ ){0,2}"
            r"(?:useless|hopeless|worthless|stupid|an? (?:idiot|joke)|inutil(?:es)?|un chiste))\b"
        ),
        told="complaint",
        not_told=("deny", "goodbye", "out_of_scope"),
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
    Rule(  # water that drips is a matter of a plumber
        says=re.compile(r"\b(?:goter\w+|gote\w+|filtraci\w+|leak(?:s|ing|y)?|drip\w*)\b"),
        unless=re.compile(
            r"\b(?:gas|techo (?:se )?(?:cay|cae)\w*|electric\w*|chispas?|sparks?|inund\w+|flood\w*|ceiling (?:fell"
            r"|collaps\w+))\b"
        ),
        told="complaint",
        not_told=("emergency",),
    ),
)  # fmt: skip
