"""Folded patterns of the topics of complaints and services; of one message the earlier row wins."""

COMPLAINT: tuple[tuple[str, str], ...] = (
    (
        "theft",
        r"\b(?:(?:things|money|jewell?ery|watch|phone|camera|cash|wallet|passport)(?: \w+){0,3} (?:gone|missing)"
        r"|desaparecio|desaparecieron|se llevaron|me falta\w* (?:dinero|plata|el reloj|la cartera|cosas)|robaron"
        r"|robado|stolen|stole|theft|hurto|missing (?:money|wallet|laptop|passport))\b",
    ),
    (
        "pests",
        (
            r"\b(?:cucaracha\w*|cockroach\w*|roach\w*|chinches|bed ?bugs?|ants\b|hormigas|rat(?:a|as|on|ones|s)?\b"
            r"|mouse|mice|mosquit\w+|bichos?|insect\w*|bugs?\b|spiders?|aranas?|moscas|flies)\b"
        ),
    ),
    (
        "hot_water",
        (
            r"\b(?:agua (?:caliente|fria|helada)|(?:ducha|regadera|shower)(?:'s)? (?:\w+ ){0,4}(?:fria|helada"
            r"|cold)|hot water|cold (?:water|shower)|water is (?:cold|freezing)"
            r"|calentador|boiler)\b"
        ),
    ),
    (
        "heating",
        (
            r"\b(?:radiador|estufa|no heat|calefaccion|calefactor|heating|heater|radiator|hace (?:mucho |un )?frio"
            r"|freezing|too cold"
            r"|frio horrible|so cold)\b"
        ),
    ),
    (
        "air_conditioning",
        (
            r"\b(?:aire(?: acondicionado)?|clima\b|minisplit|a/?c\b|air ?con\w*|aircon|air conditioning|ventilador"
            r"|fan\b|calor|too hot|boiling|so hot|sweating|sauna)\b"
        ),
    ),
    (
        "billing",
        (
            r"\b(?:(?:had|got|seen|received) my (?:money|refund|deposit) (?:back|yet)|(?:devuel\w+|devolv\w+"
            r"|reembols\w+"
            r"|regres\w+) (?:el |mi |la )?(?:dinero|plata|deposito|lana|sena)|where'?s my refund"
            r"|double[ -]charged|tarjeta me|money back|cobr\w+|caros?\b|car[ai]sim[oa]|expensive|overpriced"
            r"|pricey|cargo|cargos|charged?|charges"
            r"|bill\b|overcharg\w*|factura|refund|reembols\w*|cuenta"
            r"|invoice|price|precio|deposit)\b"
        ),
    ),
    ("wifi", r"\b(?:wi[ -]?fi|internet|senal|signal|connection|conexion)\b"),
    ("plumbing", r"\b(?:gote\w+|taps?\b|faucet|grifo|canilla|drip\w*|flush\w*|no descarga)\b"),
    ("cleanliness", r"\b(?:stain\w*|filth\w*|manchad\w*|asqueros\w*|suci[oa]s?|dirty)\b"),
    ("television", r"\b(?:netflix|canales|channels|tele\b|tv\b|television|televisor|control remoto|remote)\b"),
    ("elevator", r"\b(?:elevador(?:es)?|ascensor(?:es)?|elevators?|lifts?)\b"),
    (
        "key",
        r"\b(?:won'?t open|no abre|llave|tarjeta (?:de la|no)|key\w*|la puerta no|door (?:won'?t|doesn'?t)"
        r"|cerradura|lock\w*)\b",
    ),
    (
        "electricity",
        r"\b(?:apagon|blackout|corriente|breaker|luz|luces|electric\w*|power|lights?|lamp\w*|lampara|enchufe|outlet"
        r"|socket|foco)\b",
    ),
    (
        "noise",
        (
            r"\b(?:shak\w+|bass\b|hammer\w*|taladr\w+|drill\w*|racket|karaoke|disco\b|boliche|antro|ruid\w+|nois\w+"
            r"|paper[ -]thin|thin walls|paredes|footsteps|vecinos|neighbou?rs|se oy[eo]\w*"
            r"|slept|dormimos"
            r"|no pegamos|ronquidos|snoring|loud|musica|music|fiesta|party(?:ing)?|gritos|gritando|shout\w*|yelling"
            r"|construction|obras?|barking|ladr\w+|escandalo|bulla|dormir|sleep)\b"
        ),
    ),
    (
        "smell",
        r"\b(?:hedor|tufo|musty|sewage|cloaca|peste\b|huele|olia\w*|reek\w*|olor\w*|apesta\w*|smell\w*|stink\w*"
        r"|odou?r|stench|humedad|damp|moho"
        r"|mou?ldy?)\b",
    ),
    (
        "plumbing",
        (
            r"\b(?:overflow\w*|desbord\w*|water pressure|presion|bano|inodoro|wc\b|toilet|lavabo|sink|ducha|shower"
            r"|regadera|drenaje|drain|tuberia|pipe|goter\w+"
            r"|leak\w*|fuga|tapad[oa]|clogged|blocked|inund\w+|flood\w*|agua)\b"
        ),
    ),
    (
        "cleanliness",
        (
            r"\b(?:unmade|not been (?:made|done)|aseo|hongos?|suci\w+|dirty|filthy|mugr\w+|limp\w+"
            r"|clean\w*|pelos?|hairs?|manch\w+|stain\w*|polvo|dust\w*|basura"
            r"|trash|garbage|sabanas|sheets|toallas|towels|asqueros[oa]|disgusting|gross)\b"
        ),
    ),
    (
        "staff",
        (
            r"\b(?:insult\w*|prepotente|arrogan\w+|mala onda|condescending|groser\w+|servicio|service|indifferent"
            r"|indiferente|knock\w*|sin tocar|(?:yell|shout|grit)\w*"
            r"|maleducad\w+|rude\w*|staff|personal\b|recepcionista|receptionist|trat[oa]\w*|attitude"
            r"|actitud|empleado|emplead[oa]s|waiter|mesero|camarero|manager|gerente|unprofessional|impolite"
            r"|unfriendly)\b"
        ),
    ),
    (
        "food",
        (
            r"\b(?:comida|desayuno|breakfast|food|dinner|cena|meal|coffee|cafe|restaurante?|buffet|crud[oa]"
            r"|undercooked|poisoning)\b"
        ),
    ),
    ("bed", r"\b(?:springs|resortes|cama|colchon|bed\b|mattress|almohadas?|pillows?)\b"),
    (
        "room_mismatch",
        (
            r"\b(?:downgrad\w+|not as described|no era lo que|distint[oa]|no es la (?:habitacion|que)|(?:pedi"
            r"|reserve|pague|reservamos|pedimos) (?:una|dos|la)"
            r"|not (?:the room|what) (?:i|we)|booked a|asked for|instead of|en (?:vez|lugar) de|diferente|wrong room"
            r"|no (?:hay|tienen) mi reserva|no record|small|pequena|chica|fotos|photos|pictures|vista|view)\b"
        ),
    ),
    ("smoking", r"\b(?:fuman\w*|fum\w+|cigar\w+|smok\w+|marihuana|weed)\b"),
    (
        "waiting",
        r"\b(?:esper\w+|contest\w+|answer\w*|queu\w*|fila\b|cola\b|wait\w*|nadie|nobody|no one|tard\w+"
        r"|slow|hours? ago|horas|demora\w*|ignor\w+)\b",
    ),
    ("safety", r"\b(?:insegur\w+|unsafe|miedo|scared|peligr\w+|danger\w*|seguridad|security|stranger)\b"),
)
SERVICE: tuple[tuple[str, str], ...] = (
    (
        "events",
        (
            r"\b(?:bodas?|casamiento|bautizo|quinceanos|quinceanera|banquete\w*|eventos?|fiesta|posada|graduacion"
            r"|cumpleanos|salon"
            r"|sala de (?:juntas|reuniones|conferencias)|conferencia|seminario|weddings?|banquets?|events?|party"
            r"|birthday|meeting"
            r"|conference|seminar|function room|ballroom|venue"
            r"|(?:cena|comida|almuerzo|dinner|lunch)\b[^.?!]{0,30}\b(?:[2-9]\d|1\d|\d{3}))\b"
        ),
    ),
    (
        "lost_property",
        r"\b(?:left|forgot|lost) (?:behind )?(?:my|our|an?|his|her|something)\b|lost (?:and found|property)"
        r"|objetos perdidos"
        r"|\b(?:olvide|olvidamos|deje|dejamos) (?:\w+ )?(?:mi|mis|el|la|los|las|un|una|unos|unas)\b"
        r"|\bse (?:me|nos|le) (?:quedo|quedaron|olvido|olvidaron)\b",
    ),
    ("towels", r"\b(?:toallones?|bath ?robes?|batas?\b|toallas?|towels?)\b"),
    (
        "bedding",
        r"\b(?:cobertor|edredon|duvets?|colcha|comforter|almohadas?|pillows?|cobijas?|mantas?|frazadas?|blankets?"
        r"|sabanas?|sheets|duvet)\b",
    ),
    (
        "toiletries",
        (
            r"\b(?:slippers|pantuflas|toilet ?paper|tampons?|pads|shaver|afeitar|cotton|jabon|soap|shampoo|champu"
            r"|papel (?:higienico|de bano)|toilet (?:paper|roll)|toothbrush|cepillo"
            r"|toothpaste|pasta de dientes|razor|rasuradora|amenities|conditioner)\b"
        ),
    ),
    ("extra_bed", r"\b(?:cama (?:extra|adicional|supletoria)|extra bed|rollaway|catre)\b"),
    ("crib", r"\b(?:cunita|moises|travel cot|playpen|cuna|crib|cot\b|baby bed)\b"),
    ("iron", r"\b(?:plancha\b|iron\b|ironing)\b"),
    ("laundry", r"\b(?:lavanderia|laundry|lavar|dry clean\w*|ropa)\b"),
    (
        "airport",
        r"\b(?:aeropuerto|airport)\b",
    ),
    ("taxi", r"\b(?:uber|didi|cabify|remis|cab\b|taxi|cab\b|uber|transporte|transfer|traslado|car to|ride to)\b"),
    ("wake_up_call", r"\b(?:despiert\w+|despert\w+|wake[ -]?(?:me|us|up)|alarm)\b"),
    (
        "room_service",
        (
            r"\b(?:room service|servicio (?:a la|al) (?:habitacion|cuarto)|comida|cena|hamburguesa|burger|sandwich"
            r"|pizza|cafe|coffee|breakfast (?:in|to)|desayuno (?:en|a) la|wine|vino|cerveza|beer|food|order)\b"
        ),
    ),
    ("breakfast", r"\b(?:desayunos?|breakfasts?)\b"),
    ("parking", r"\b(?:estacionamiento|parking|cochera)\b"),
    ("water", r"\b(?:agua|water|hielo|ice\b)\b"),
    ("luggage", r"\b(?:maletas?|equipaje|luggage|bags?|suitcases?|botones|bell ?boy|porter)\b"),
    ("restaurant", r"\b(?:mesa|table|restaurante?)\b"),
    ("key", r"\b(?:llaves?|key\w*|tarjeta)\b"),
    ("do_not_disturb", r"\b(?:no molest\w+|do not disturb|don'?t disturb)\b"),
    (
        "housekeeping",
        (
            r"\b(?:limpi\w+|clean\w*|housekeeping|tender la cama|make (?:up )?(?:the|my|our) (?:room|bed)|asear|aseo"
            r"|basura|trash|camarista|mucama|maid)\b"
        ),
    ),
    (
        "maintenance",
        (
            r"\b(?:unblock|destap\w+|light ?bulb|revis\w+|mantenimiento|maintenance|arregl\w+|fix|repair|repar\w+"
            r"|technician|tecnico|plumber|fontanero"
            r"|plomero|bombilla|foco|bulb|hangers|ganchos|adaptador|adapter|charger|cargador)\b"
        ),
    ),
)
