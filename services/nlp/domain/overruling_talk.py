"""What is said for certain in talk with us: who answers, once more please, how dear it is, what there is to be had."""

from __future__ import annotations

import re

from services.nlp.domain.overruling import OF_A_STAY, Rule

_BY_THE_HEAD = (
    r"\b(?:precio|valor|costo|tarifa|cuanto|cobran?|sale|price|rate|cost|charge|much)\b[^.?!]{0,30}"
    r"\b(?:por|per|x|cada|each|a) (?:persona|person|cabeza|head)\b"
)
TALK_RULES = (
    Rule(  # a price for each of us
        says=re.compile(_BY_THE_HEAD),
        told="availability_check",
        not_told=("human_request",),
    ),
    Rule(  # in which language one would rather write
        says=re.compile(r"\b(?:english|spanish|ingles|espanol)(?:,? (?:please|pls|por favor|porfa))\b"),
        unless=re.compile(r"\b(?:someone|somebody|anyone|alguien|persona|person|staff)\b"),
        not_told=("human_request",),
    ),
    Rule(  # once more, please
        says=re.compile(
            r"\b(?:(?:me|nos) )?(?:repet(?:i|is|ime|inos|ir|irme|irnos)|repit(?:e|es|a|an|eme|ame|enos|anos))\b"
            r"(?:me|nos)?(?: (?:todo|el total|los datos|la info\w*|el precio|eso|lo|por favor|de nuevo))*"
            r"|\bpas(?:ame|eme|a|e) (?:de nuevo|otra vez) (?:todo|el total|los datos)\b"
        ),
        unless=re.compile(r"\bque no se (?:vuelva a )?repit\w+\b|\b(?:queremos|quiero|pensamos|vamos a) repetir\b"),
        told="availability_check",
        not_told=("compliment", "complaint", "out_of_scope"),
    ),
    Rule(  # whether money comes back
        says=re.compile(
            r"\b(?:me|nos) (?:devuelven|devolverian|van a devolver|regresan|reembolsan|reintegran)"
            r"(?: (?:todo|algo|la diferencia|(?:la|mi) (?:plata|lana)|el dinero|lo que pag\w+))?\b[^.!]{0,15}\?"
        ),
        told="general_inquiry",
        not_told=("privacy_request", "complaint"),
    ),
    Rule(  # dear or not
        says=re.compile(
            r"^\W*(?:(?:y|pero|ustedes|hola)\W+)*(?:es|son|sale|salen|estan?) (?:muy |tan |bastante |medio )?"
            r"(?:car[oa]s?|caritos?|barat[oa]s?|economic[oa]s?)\W*$"
        ),
        told="availability_check",
        score=0.7,
    ),
    Rule(  # what there is to be had
        says=re.compile(
            r"\b(?:que (?:me|nos) (?:ofrece[ns]?|recomienda[ns]?|propone[ns]?)|que opciones (?:hay|tiene\w*|ten[eé]s"
            r"|me quedan)|what (?:can|do) you (?:offer|have for us)|what are (?:my|our) options)\b"
        ),
        unless=re.compile(r"\b(?:visitar|conocer|comer|cenar|almorzar|hacer|cerca|zona|ciudad|visit|eat|see)\b"),
        told="availability_check",
        not_told=("goodbye", "out_of_scope"),
        score=0.7,
    ),
    Rule(  # the baths, for those who stay for no night
        says=re.compile(
            r"\b(?:solo )?por el dia\b|\bpas(?:e|es|ar) (?:de|por|x) (?:el )?dia\b|\bpasadias?\b"
            r"|\bday (?:pass\w*|use)\b|\bpasar el dia\b|\bfull day\b|\bsin (?:alojar|hosped|qued|dorm)\w+\b"
        ),
        unless=re.compile(r"\b(?:cambi\w+|mi reserva|codigo|noches?|un dia mas)\b"),
        told="general_inquiry",
        not_told=("modification_request", "cancellation_request", "out_of_scope", *OF_A_STAY),
    ),
    Rule(  # stolen things
        says=re.compile(
            r"\b(?:(?:me|nos|le|les) (?:\w+ )?(?:robaron|hurtaron|afanaron|chorearon|asaltaron|robo)"
            r"|(?:has|was|were|been|got) (?:robbed|stolen)|stole (?:my|our))\b"
        ),
        unless=re.compile(r"\b(?:otro hotel|another hotel|corazon|heart)\b"),
        told="complaint",
        not_told=("out_of_scope", "general_inquiry"),
    ),
    Rule(  # what went away in the room
        says=re.compile(
            r"\b(?:se (?:me |nos )?(?:fue|corto|cayo|cae|va)|no (?:llega|tengo|tenemos|hay)) (?:el |la |senal de |a )?"
            r"(?:wi ?-?fi|internet|senal|agua|luz|electricidad)\b"
        ),
        unless=re.compile(r"\?|\b(?:chisp\w+|humo|fuego)\b"),
        told="complaint",
        not_told=("general_inquiry",),
    ),
    Rule(  # how the food came
        says=re.compile(
            r"\b(?:desayuno|comida|cena|almuerzo|pedido|plato|cafe|room service|breakfast|food|dinner|lunch|order)\b"
            r"[^.?!]{0,15}\b(?:llego|llegaron|estaba|vino|vinieron|sirvieron|trajeron|came|arrived|was)\b[^.?!]{0,12}"
            r"\b(?:fri[oa]s?|tarde|crud[oa]s?|mal[oa]?|quemad[oa]s?|horrible|fatal|cold|late|raw|burnt|awful)\b"
        ),
        unless=re.compile(r"\?"),
        told="complaint",
        not_told=("general_inquiry",),
    ),
    Rule(  # something brought for a guest, however urgent, puts nobody in danger
        says=re.compile(
            r"\b(?:le|les) (?:llevo|traigo|dejo|tengo que (?:dar|entregar|dejar|llevar)|quiero (?:dar|dejar|llevar))\b"
        ),
        unless=re.compile(r"\b(?:ambulan\w+|grave\w*|muri\w+|sangr\w+|desmay\w+|respira\w*|auxilio|socorro)\b"),
        told="general_inquiry",
        not_told=("emergency",),
        score=0.6,
    ),
    Rule(  # who waits does not leave, and agrees to nothing
        says=re.compile(
            r"^\W*(?:(?:ok|okay|ya|bueno|vale|dale|listo|perfecto|gracias|entonces|muchas|claro)\W+)*"
            r"(?:(?:los? |les? )?(?:espero|esperamos)|quedo (?:atent[oa]|a la espera|pendiente)|quedamos atent[oa]s"
            r"|(?:i|we)(?:'ll| will) wait)\b"
        ),
        unless=re.compile(r"\b(?:poder|que (?:tengan|haya|puedan)|hace|desde)\b|\?"),
        not_told=("goodbye", "out_of_scope"),
    ),
    Rule(  # a longer stay that is priced first
        says=re.compile(
            r"\bcuanto (?:\w+ ){1,3}quedar(?:nos|me)\b[^.?!]{0,20}\b(?:hasta|otra|una noche|mas|\d noches? mas)\b"
            r"|\bquedar(?:nos|me)\b[^.?!]{0,20}\b(?:hasta|otra|una noche mas|\d noches? mas)\b[^.?!]{0,25}\bcuanto\b"
        ),
        told="modification_request",
        not_told=OF_A_STAY,
        score=0.7,
    ),
    Rule(  # what is sold to hotels
        says=re.compile(
            r"\b(?:seo|backlinks?|web ?design|social media (?:marketing|management)|followers|crypto\w*|bitcoin|casino"
            r"|investment opportunit\w+|lead generation)\b|\bclick\b[^.?!]{0,15}https?:"
        ),
        told="out_of_scope",
        not_told=("compliment", "general_inquiry", "service_request"),
    ),
    Rule(  # who says that they are the law is in no danger
        says=re.compile(
            r"\b(?:soy|somos|hablo|le hablo|llamo|escribo) (?:de|desde) la (?:policia|fiscalia|guardia)\b"
            r"|\bsoy (?:policia|detective|agente|abogad[oa])\b"
            r"|\b(?:i'?m|i am|this is|we are|we're) (?:from |with )?(?:the )?(?:a )?(?:police|detective|lawyer"
            r"|attorney)\b"
        ),
        told="general_inquiry",
        not_told=("emergency",),
        score=0.6,
    ),
    Rule(  # an invoice in somebody's name is made by people
        says=re.compile(
            r"\bfactura\w*\b(?=.*\b(?:cuit|rut|rfc|ruc|nit|cif|nif|razon social)\b(?:[^a-z]{0,4}\d|.{0,25}\d{5}))"
        ),
        told="service_request",
        not_told=("complaint", "out_of_scope"),
    ),
)
