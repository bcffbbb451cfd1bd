"""What is said for certain of the house and its people: what is broken, lost or wanted, and what is no danger."""

from __future__ import annotations

import re

from services.nlp.domain.overruling import EXTRAS, OF_A_STAY, Rule

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
_FEASTS = (
    r"(?:bodas?|casamiento|bautizo|bautismo|quinceanos|quinceanera|xv anos|banquete|graduacion|posada|convencion"
    r"|conferencia"
    r"|seminario|congreso|capacitacion|coctel|evento|fiesta|cumpleanos|cena|comida|almuerzo|brunch|reunion|junta"
    r"|baby shower"
    r"|wedding|reception|banquet|conference|seminar|workshop|event|party|birthday|dinner|lunch|meeting|graduation"
    r"|baptism)"
)
_ROOM_FOR_A_FEAST = (
    r"(?:salon(?:es)?|sala de (?:juntas|reuniones|conferencias|eventos)|jardin para|function room|(?:meeting"
    r"|conference) rooms?"
    r"|ballroom|event space|banquet hall|wedding venue)"
)
_BEDS = re.compile(
    r"\b(?:habitaci\w+|cuartos?|hosped\w+|aloj\w+|noches?|nights?|doble?s?|suites?|familiar|double|twin|family room"
    r"|(?<!meeting )(?<!conference )(?<!function )rooms?|stay\w*|sleep|dormir|queda\w+|reserva (?:de|del|para) el)\b"
)
_NEEDS_OF_A_ROOM = (
    r"(?:(?:piso|planta|nivel) (?:mas )?(?:alt[oa]|baj[oa]|superior)|(?:high|low|upper|ground)(?:er)? floor"
    r"|(?:lejos|apartad[oa]s?|retirad[oa]s?) del? (?:la )?(?:elevador|ascensor|ruido|calle|avenida)"
    r"|away from the (?:lift|elevator|street|road|noise)"
    r"|(?:habitaci\w+|cuartos?|piezas?) (?:\w+ ){0,2}?(?:tranquil[oa]s?|silencios[oa]s?|callad[oa]s?|juntas|juntos"
    r"|contigu[oa]s|comunicad[oa]s|pegad[oa]s)|quiet(?:er)? room|(?:adjoining|connecting) rooms"
    r"|rooms? next to each other"
    r"|(?:soy|es|son|somos|i am|i'm|is|are|he's|she's|we are|we're) (?:muy |very |severely )?(?:alergic[oa]s?"
    r"|celiac[oa]s?"
    r"|intolerantes?|vegan[oa]?s?|vegetarian[oa]?s?|diabetic[oa]?s?|allergic|coeliac|celiac|lactose)"
    r"|(?:tiene|tengo|has|have) (?:una |an? )?(?:\w+ )?(?:alergias?|allerg(?:y|ies))"
    r"|(?:es|vamos de|estamos de|sera|nuestra|our|on) (?:nuestra |our )?(?:luna de miel|honeymoon)"
    r"|(?:es|celebr\w+|festej\w+|nuestro|our|celebrat\w+) (?:nuestro |el |our |mi |my )?(?:\d+ )?(?:aniversario"
    r"|anniversary)|(?:es|celebr\w+|festej\w+|it's|celebrat\w+) (?:el |mi |my |the )?(?:cumpleanos|cumple|birthday)\b"
    r"|(?:llev|tra|lleg|ven|viaj)\w+ (?:con )?(?:una |nuestra |la |our |a )?(?:practi|mini)?cun(?:it)?a\b"
    r"|bringing (?:our|a) (?:own )?(?:cot|crib))"
)
_ASKED_FOR = (
    r"\b(?:tienen|tenes|hay|ofrecen|manejan|cuentan con|do you (?:have|offer|do)|is there|are there|opciones|options"
    r"|menus?|platos?|dishes)\b"
)
_TELLS_A_NEED = re.compile(rf"(?:^|[.?!;\n])(?![^.?!;\n]*{_ASKED_FOR})[^.?!;\n]*?\b{_NEEDS_OF_A_ROOM}")
_IS_ILL_OF_IT = re.compile(
    r"\b(?:reaccion|reaction|hinch\w+|swell\w*|swollen|respir\w+|breath\w*|shock|robar\w*|olor)\b"
)
HOUSE_RULES = (
    Rule(  # with whom one wants to speak of what went wrong
        says=re.compile(
            r"\b(?:speak|talk|word|hablar|manager|supervisor|gerente|director|encargad[oa])\b[^.?!]{0,25}"
            r"\b(?:about|because|over|por|sobre|porque|de) [^.?!]{0,25}"
            r"\b(?:noise|ruido|dirt\w*|filth\w*|suci\w+|(?:wrong|double|twice) charge\w*|overcharg\w+|smell|olor"
            r"|leak\w*|gotera"
            r"|bed ?bugs|chinches|cockroach\w*|cucarachas?|broken|rude\w*|groser\w*|(?:mal|mala) (?:trato|atencion)"
            r"|cobro (?:doble|indebido)|no hot water|sin agua caliente)\b"
        ),
        told="complaint",
        score=0.7,
    ),
    Rule(  # the same paid twice
        says=re.compile(
            r"\b(?:2|double|dos|doble) (?:identical |iguales )?(?:payments?|charges|pagos|cargos|cobros?)\b"
            r"|\b(?:payments?|charges?|pagos?|cargos?|cobros?)\b[^.?!]{0,20}\b(?:twice|dos veces|2 veces|duplicad\w+)\b"
        ),
        unless=re.compile(r"\b(?:can|could|puedo|podemos|podria|se puede|split|divid\w+|in 2 payments|en 2 pagos)\b"),
        told="complaint",
        score=0.7,
    ),
    Rule(
        says=re.compile(
            r"\b(?:they|you(?: guys)?|the hotel|reception) (?:have )?lost (?:our|my|the) (?:booking|reservation)"
            r"|\b(?:perdieron|extraviaron) (?:mi|nuestra|la) reserva\w*|\b(?:place|stay|hotel)? ?would(?: not"
            r"|n'?t) recommend\b"
            r"|\bno (?:se )?l[oa]s? recomiendo\b|\bno recomendaria\b|\bno volveria(?:mos)?\b"
            r"|\b(?:would(?: not|n'?t)|will not|won'?t) (?:be )?(?:come|coming|stay|staying|return|returning)"
            r" (?:back|again|here)\b"
        ),
        unless=re.compile(r"\b(?:can(?:not)?|until|tonight|tomorrow|date|room type)\b|\?"),
        told="complaint",
        not_told=("deny", "cancellation_request"),
    ),
    Rule(  # praise that says no
        says=re.compile(
            r"\b(?:can(?:not|'?t| not)|could(?: not|n'?t)) (?:fault|ask for (?:a )?(?:more|better)|be happier"
            r"|recommend)\b"
            r"|\bnothing (?:bad )?to (?:complain about|fault)\b|\bno complaints\b"
            r"|\b(?:ni una|sin|ninguna?) (?:sola )?(?:pega|queja)\b|\bno se puede pedir (?:mas|mejor)\b"
            r"|\bnada que objetar\b"
        ),
        unless=re.compile(r"\?|\b(?:until|response|respuesta)\b|recommend (?:it|this|them|staying)? ?to anyone"),
        told="compliment",
        not_told=("deny", "complaint"),
    ),
    Rule(  # an allergy told beforehand
        says=re.compile(r"\b(?:allerg\w+|alergi\w+)\b"),
        unless=re.compile(
            ACUTE.pattern + r"|\b(?:reaction|reaccion|swell\w*|swollen|hinch\w+|breath\w*|respir\w+|shock|epi ?pen"
            r"|anaphyla\w+|anafil\w+|rash|roncha\w*|ate|comio|comi)\b"
        ),
        not_told=("emergency",),
    ),
    Rule(  # what somebody needs of the room, or is, for the hotel to know: nobody is in danger
        says=_TELLS_A_NEED,
        unless=_IS_ILL_OF_IT,
        told="service_request",
        not_told=("emergency", "out_of_scope", "complaint", "compliment"),
        score=0.6,
    ),
    Rule(  # what is to stand in the room when they come
        says=re.compile(
            r"\b(?:que (?:haya|pongan|tengan|este)|pongan|poner|dejen|dejar|have|put|leave|place|with)\b[^.?!]{0,20}"
            r"\b(?:champ\w+|cava|flores|ramo|flowers|rosas|roses|petalos|petals|globos|balloons|vino|wine|pastel|cake"
            r"|chocolates?|fruta|fruit basket)\b[^.?!]{0,25}\b(?:cuarto|habitacion|room|suite|llegada|arrival|bed"
            r"|cama)\b"
        ),
        unless=re.compile(r"\?"),
        told="service_request",
        score=0.7,
    ),
    Rule(  # and nothing is asked
        says=_TELLS_A_NEED,
        unless=re.compile(rf"\?|{_IS_ILL_OF_IT.pattern}"),
        not_told=("general_inquiry",),
    ),
    Rule(  # people at a table or in a hall are no guests in beds
        says=re.compile(
            rf"\b(?:hac\w+|organi[sz]\w+|celebr\w+|festej\w+|realizar|ten(?:er|go|emos)|plan\w*|host\w*|hold|throw|have"
            rf"|cotiz\w+|para|for)"
            rf" (?:\w+ ){{0,3}}?{_FEASTS}\b[^.?!]{{0,40}}\b(?:(?:para|de|for|of|with|con) (?:\w+ )?\d+"
            rf"|(?:en|at|in) (?:el|su|the|your) hotel)\b"
            rf"|\b{_FEASTS} (?:para|for|de|of) (?:(?:\w+ ){{0,2}}\d+ )(?:personas|people|invitados|pax|comensales"
            rf"|guests)\b"
            rf"|\b(?:necesit\w+|quier\w+|quisier\w+|busc\w+|rent\w+|reserv\w+|need|want|like|looking|book|hire|rent)\b"
            rf"[^.?!]{{0,25}}\b{_ROOM_FOR_A_FEAST}\b"
            r"|\b(?:mesa|table) (?:para|for|de|of) (?:\w+ )?(?:\d+|dos|tres|cuatro|cinco|seis|two|three|four|five"
            r"|six)\b"
            r"|^\W*(?:cena|comida|dinner|lunch|brunch) (?:para|for) \w+\b"
        ),
        unless=_BEDS,
        told="service_request",
        not_told=OF_A_STAY,
    ),
    Rule(  # "info" alone is anything but what is kept of the guest
        says=re.compile(
            r"^\W*(?:hola\W+|hi\W+|hello\W+)?(?:mas |more |some |quiero |necesito |want |need )?info(?:rmacion"
            r"|rmation)?(?: del hotel"
            r"| por favor| please)?\W*$"
        ),
        told="general_inquiry",
        not_told=("privacy_request",),
    ),
    Rule(  # what was booked and what was paid do not agree
        says=re.compile(
            r"\b(?:reserv\w+|booking|confirm\w+)\b[^.?!]{0,20}\b(?:dice|aparece|sale|marca|says"
            r"|shows)\b[^.?!]{0,30}\b(?:pero|but)\b"
            r"[^.?!]{0,20}\b(?:pag\w+|cobr\w+|paid|charged|pedi|reserve|booked|asked)\b"
        ),
        told="complaint",
        not_told=("modification_request", *OF_A_STAY),
    ),
    Rule(  # what goes beyond the rules is for people to grant
        says=re.compile(
            r"\b(?:hac\w+|hay|habra|ningun\w*|alguna|make|any|an|no) (?:una |un |alguna |ninguna )?(?:excepcion"
            r"|exception)\b"
            r"|\b(?:waiv\w+|let (?:me|us) off|condon\w+|perdon\w+)\b[^.?!]{0,25}\b(?:fees?|charges?|penalt\w+"
            r"|cargos?|multa"
            r"|penali\w+)\b"
            r"|\b(?:nothing|anything|something) (?:at all |else |more )?(?:(?:that )?you (?:guys )?(?:can"
            r"|could) (?:possibly )?do"
            r"|(?:that )?can be done|to be done)\b[^.?!]{0,15}\b(?:fees?|charges?|penalt\w+)\b"
        ),
        unless=ACUTE,
        told="human_request",
        not_told=("emergency", "general_inquiry", "out_of_scope"),
    ),
    Rule(  # a death in the family, told as a reason: no alarm, and nobody to come running
        says=re.compile(
            r"\b(?:murio|fallecio|fallecid[oa]|fallecimiento|se (?:me |nos )?(?:murio|fue) mi|luto|velorio"
            r"|funeral\w*|entierro"
            r"|passed away|(?:has|just) died|died (?:last|this|yesterday|on)|bereave\w+|death in the family"
            r"|my \w+ died)\b"
        ),
        unless=re.compile(
            r"\b(?:aqui|here|habitacion|cuarto|room|cama|bed|alberca|piscina|pool|respira\w*|breath\w*|ambulan\w+)\b"
        ),
        told="provide_info",
        not_told=("emergency", "out_of_scope"),
        score=0.6,
    ),
    Rule(  # the light that went out is a matter of an electrician
        says=re.compile(
            r"\b(?:se (?:nos )?(?:corto|fue|ha ido) la luz|(?:no hay|sin|sin tener) luz|apagon|power (?:is |went "
            r"|has gone )?(?:out|cut)"
            r"|power cut|no (?:power|electricity))\b"
        ),
        unless=re.compile(
            r"\b(?:chisp\w+|spark\w*|humo|smoke|fuego|fire|elevador|ascensor|lift|elevator|atrapad\w+|trapped"
            r"|stuck)\b"
        ),
        told="complaint",
        not_told=("emergency",),
    ),
    Rule(  # a message for somebody is for a person to pass on
        says=re.compile(
            r"\b(?:dejar(?:le|les)?|pasar(?:le|les)?|dar(?:le|les)?) (?:un|este|el) (?:mensaje|recado)\b"
            r"|\b(?:leave|pass on|give|take) (?:\w+ ){0,2}(?:a|the|this) message\b"
        ),
        told="human_request",
        not_told=("opt_out", *OF_A_STAY),
    ),
    Rule(  # what does not work is no "no"
        says=re.compile(
            r"^\W*(?:(?:pero|y|es que|ya|a mi)\W+)*no (?:me |nos |se )?(?:conecta|funciona|anda|jala|agarra|carga"
            r"|abre|prende"
            r"|enciende|apaga|sale agua|hay (?:agua|luz|internet|wifi|senal|toallas|jabon|papel))\b"
        ),
        told="complaint",
        not_told=("deny", "opt_out", "out_of_scope"),
    ),
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
        not_told=("complaint", *OF_A_STAY, "emergency"),
    ),
    Rule(  # who asks after somebody, or sends word, is worried and not in danger
        says=re.compile(
            r"\b(?:tell|let) me (?:know )?(?:if|whether|when) (?:s?he|they)\b|\bworried about (?:her|him|them|my)\b"
            r"|\b(?:dig\w+|avis\w+)me (?:si|cuando) (?:ya )?(?:lleg\w+|esta)\b|\bpreocupad[oa] por\b"
        ),
        unless=re.compile(
            ACUTE.pattern
            + r"|\b(?:hurt|injur\w+|suicid\w+|harm|missing|unconscious|breath\w*|not answering|danger|herid[oa])\b"
        ),
        not_told=("emergency",),
    ),
    Rule(  # who was in danger is not any more
        says=re.compile(
            r"\b(?:(?:i|we|s?he|they|it|everyone|everybody|everything)(?:'?s| is|'?re| are|'?m| am)? (?:\w+ )?"
            r"(?:ok(?:ay)?|fine|all ?right|better|safe|good) now|false alarm|panic over|(?:ya"
            r"|todo) (?:\w+ )?(?:esta(?:mos|n)?"
            r"|paso|sigue)\b[^.?!]{0,15}\b(?:bien|mejor|a salvo|el susto)|falsa alarma)\b"
        ),
        unless=re.compile(r"\b(?:not|isn'?t|aren'?t|no (?:esta|estoy|estamos)|but|pero|again|otra vez)\b"),
        not_told=("emergency", "complaint"),
    ),
    Rule(  # a thing for the room or for a child, with no word about it
        says=re.compile(
            r"(?:^|[,.;!\n]|\band|\bplus|\by)\s*(?:\w+ )?(?:an?|some|any|another|extra|2|una?|otr[oa]s?|unas"
            r"|dos) (?:\w+ ){0,2}"
            r"(?:cots?|cribs?|(?:high|booster) ?(?:chair|seat)s?|pillows?|blankets?|towels?|hair ?dryer|kettle|iron"
            r"|adapt[eo]r|fridge|cuna|trona|almohadas?|cobijas?|mantas?|toallas?|plancha|secadora?)\W*(?:please|pls"
            r"|por favor|too|as well|tambien|if possible|if poss)?\W*$"
        ),
        unless=re.compile(r"\b(?:do you|is there|are there|have you|hay|tienen|tienes|there (?:is|was|are) no)\b"),
        told="service_request",
        not_told=("out_of_scope",),
        score=0.6,
    ),
    Rule(  # whom a guest asks is no person of the hotel
        says=re.compile(
            r"\b(?:habl\w+|convers\w+|consult\w+|platic\w+|coment\w+|chec\w+|vea|veo|ver|talk|speak|check"
            r"|discuss)\b(?: \w+){0,2}? (?:con|with|to) (?:mi|mis|my|our|nuestr[oa]) "
        ),
        unless=re.compile(r"\b(?:manager|gerente|recepcion\w*|reception\w*|human|persona|agente|agent)\b"),
        not_told=("human_request",),
    ),
    Rule(  # kin is nobody in danger
        says=re.compile(r"^\W*(?:i'?m|i am|soy) (?:her|his|their|my|su|el|la) \w+\W*$"),
        not_told=("emergency",),
    ),
    Rule(  # something more for a stay whose days and rooms stay as they are is ordered from people
        says=re.compile(
            rf"\b(?:agreg|anad|sum|add)\w*(?: \w+){{0,3}}? {EXTRAS}\b"
            rf"|\b(?:inclu\w+|pon\w*)(?: \w+){{0,2}}? {EXTRAS}\b(?![^.!]*\?)"
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
    Rule(  # water that drips is a matter of a plumber
        says=re.compile(r"\b(?:goter\w+|gote\w+|filtraci\w+|leak(?:s|ing|y)?|drip\w*)\b"),
        unless=re.compile(
            r"\b(?:gas|techo (?:se )?(?:cay|cae)\w*|electric\w*|chispas?|sparks?|inund\w+|flood\w*|ceiling (?:fell"
            r"|collaps\w+))\b"
        ),
        told="complaint",
        not_told=("emergency",),
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
)
