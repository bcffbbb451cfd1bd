"""Folded patterns of the topics of questions; of one message the earlier row wins."""

INQUIRY: tuple[tuple[str, str], ...] = (
    (
        "room_details",
        (
            r"\b(?:que|cuales) (?:(?:otros? )?(?:tipos?|clases?|opciones) de (?:habitacion(?:es)?|cuartos?|piezas?)"
            r"|habitaciones|cuartos|recamaras)"
            r"(?: (?:hay|tienen?s?|tenes|ofrecen|manejan|existen|son|disponen))?(?=\W*(?:$|[?.,;]|y\b))"
            r"|\bcomo son (?:las|sus|los) (?:habitaciones|cuartos|recamaras)\b"
            r"|\bcual (?:habitacion )?es (?:la|el) mas (?:grande|ampli[ao]|espacios[ao]|chic[ao]|pequen[ao])\b"
            r"|\bse diferencian?\b|\b(?:what|which) (?:other )?(?:kinds?|types?|sorts?|categories) of rooms?\b"
            r"|\bwhat rooms (?:do you|have you|are there|you have)\b|\btell me about (?:your|the) rooms\b"
            r"|\bwhat (?:are|is) (?:your|the) rooms?(?: (?:types?|options|like))?\W*(?:$|\?)"
            r"|\bwhich (?:room |one )?is (?:the )?(?:biggest|largest|most spacious|smallest)\b"
            r"|\bhow (?:do|are) (?:they|the rooms|your rooms) (?:differ\w*|compare)\b"
            r"|\b(?:cual|que habitacion|que cuarto)(?: (?:me|nos|le|nos lo|usted|ustedes))*"
            r" (?:recom(?:iend|end)\w+|aconsej\w+|suger\w+|sugier\w+|conviene)\b"
            r"|\b(?:which|what)(?: (?:one|room|room type|type of room))? (?:would|do|should|can) (?:you|we|i)"
            r" (?:recommend|suggest|advise|choose|pick|take)\b"
        ),
    ),
    (
        "late_checkout",
        (
            r"(?:check ?out|checkout|leave|keep (?:the|my|our) room|stay)(?: \w+){0,3} (?:at|until|till|past|by"
            r"|around) (?:[1-6] ?(?:pm|p\.m)|1[3-9]\b)|dej\w+ (?:la habitacion|el cuarto|la pieza"
            r"|la recamara) a las? (?:1[3-9]|[1-6] de la tarde|[1-6] ?pm)|late check[ -]?out|salida tard[ie]a?"
            r"|(?:salir|check[ -]?out|checkout|leave|dejar la habitacion|salida"
            r"|check out) (?:\w+ ){0,3}(?:mas tarde|tarde|later|late|despues)"
            r"|(?:quedar(?:me|nos)|estar|salir|irme|irnos) (?:hasta |a )?(?:como )?(?:hasta )?a?\s?las? (?:1[3-9]"
            r"|[1-6])\b(?! ?(?:am|de la manana))"
            r"|(?:stay(?: in the room)?|(?:keep|use|have) (?:the|my|our) room) (?:until|till?) (?:1[3-9]"
            r"|[1-6]) ?(?:pm)?\b(?! ?am)|stay (?:a bit "
            r"|a little )?(?:later"
            r"|longer) (?:in the room|on)|quedar\w* (?:un poco )?mas (?:tiempo|rato)"
            r"|quedar\w* (?:unas|un par de|una|\d) (?:horas?|horitas?) mas|stay (?:a few|a couple of|an?"
            r"|\d) (?:more )?(?:extra )?hours?"
            r"|\b(?:can|could|may|possible|puedo|podemos|podria\w*|se puede|posible)\b[^.?!]{0,30}"
            r"\b(?:check[ -]?out|leave|salir|irme|irnos|salida|dejar (?:la habitacion|el cuarto)|quedar(?:me|nos))\b"
            r"[^.?!]{0,12}\b(?:at|until|till|by|a las?|al?|hasta(?: las| el)?) (?:noon|midday|mediodia|12)\b"
        ),
    ),
    (
        "early_checkin",
        (
            r"early check[ -]?in|how early|(?:podemos|puedo|se puede) entrar (?:a|en) (?:la|el)|(?:llegar|entrar"
            r"|check[ -]?in|arrive|get in|entrada|checkin) (?:\w+ ){0,3}(?:antes"
            r"|mas temprano|temprano|early|earlier|before)|(?:arrive|llegar|llegamos|llego) (?:at|a las?|sobre las"
            r"|around) \d|arrival time|hora de llegada"
        ),
    ),
    (
        "day_pass",
        r"\b(?:solo por el dia|pas(?:e|es|ar) (?:de|por|x) (?:el )?dia|pasadias?|day (?:pass\w*|use)|pasar el dia"
        r"|full day|sin (?:alojar|hosped|qued|dorm)\w+)\b",
    ),
    ("airport", r"\b(?:aeropuerto|airport|shuttle|traslado|transfer\b|pick ?up)\b"),
    ("breakfast", r"\b(?:desal?yuno|desallun\w+|brekky|morning meal|continental|desayun\w+|breakfast|brekkie)\b"),
    (
        "parking",
        (
            r"\b(?:(?:spot|space|lugar|espacio|sitio) (?:for|para) (?:my|our|the|a|mi|el|un|nuestro) (?:car|van"
            r"|truck|coche|carro|auto|camioneta|moto)|car ?park|plaza de garaje|(?:charge|charging|charger for"
            r"|cargar|cargador para) (?:my |an? |the |mi |el )?(?:ev|tesla|electric car|coche electrico"
            r"|auto electrico)|(?:vengo|venimos|voy|vamos|llego|llegamos) en (?:coche|carro|auto|camioneta|moto)"
            r"|estacionamiento|estacionar\w*|parking|parqueo|parqueadero|parquear|cochera|garage|garaje"
            r"|aparcamiento|aparcar|cajon(?:es)?|(?:leave|dejar|guardar) (?:the|my|our|el|mi|la) (?:car|van"
            r"|coche|carro|auto|camioneta)|park (?:my|the|our|a)|park\b|valet|aparcar"
            r"|donde (?:dejo|dejamos|se deja) (?:el|mi) (?:coche|carro|auto))\b"
        ),
    ),
    ("wifi", r"\b(?:wify|guifi|clave de la red|online|la red\b|wi[ -]?fi|internet|contrasena|password|clave del)\b"),
    ("jacuzzi", r"\b(?:jacuzzis?|yacuzzi|hot tubs?|hidromasaje|whirlpool)\b"),
    ("pool", r"\b(?:pools|albercas|piscinas|piscina|alberca|pileta|pool|swim\w*|nadar)\b"),
    ("gym", r"\b(?:gyms?|exercise|work ?outs?|ejercicio|caminadora|yoga|gimnasio|fitness|treadmill|pesas)\b"),
    ("spa", r"\b(?:wellness|temazcal|hammam|steam room|spa|masaj\w+|massage\w*|sauna|facial|treatment)\b"),
    (
        "pets",
        (
            r"\b(?:kitten\w*|michi|lomito|parrots?|loros?|canin\w+|mascotas?|perr(?:[oai]\w*|ete\w*)|gat[oa]s?"
            r"|gati[ct][oa]s?"
            r"|minin[oa]s?|pets?|pet[ -]friendly|dogs?|cats?|pupp\w+|animal\w*|chihuahuas?|labrador(?:es|s)?|bulldogs?"
            r"|(?:golden )?retrievers?|spaniels?|collies?|dachshunds?|whippets?|greyhounds?|alsatians?|pooch(?:es)?"
            r"|doggos?"
            r"|poodles?|caniches?|pugs?|schnauzers?|yorkies?|terriers?|beagles?|huskys?"
            r"|cachorr\w+)\b"
        ),
    ),
    ("smoking", r"\b(?:fum\w+|smok\w+|vap(?:e|ing|ear)\w*|cigar\w+)\b"),
    (
        "accessibility",
        (
            r"\b(?:handicap\w*|mobility|movilidad|crutches|muletas|step[ -]free|many (?:stairs|steps)"
            r"|muchas escaleras|silla de ruedas|wheelchair|accesib\w+|accessib\w+|discapacidad|disab\w+"
            r"|step[ -]free|rampa|ramp"
            r"|elevador|ascensor|elevator|lift(?! pass))\b"
        ),
    ),
    (
        "luggage",
        r"\b(?:(?:our|my|the) cases|bolsos?|mochilas?|backpacks?|drop (?:our|my|the) (?:things|stuff)"
        r"|guardar (?:mis |nuestras "
        r"|las )?cosas|equipaje|maletas?|luggage|suitcases?|bags?\b|consigna|left luggage|valijas?)\b",
    ),
    (
        "taxes",
        r"\b(?:(?:with|includ\w+|plus|before|after|without|incl) (?:the |all |any )?(?:tax(?:es)?|vat)"
        r"|(?:taxes|tax|vat) (?:are |is )?(?:included|incl|extra|on top)|(?:are|is) (?:the )?(?:tax(?:es)?|vat) "
        r"|(?:con|sin|incluye\w*|mas) (?:el |los )?(?:impuestos?|iva)|(?:impuestos?|iva) inclu\w+)",
    ),
    (
        "currency",
        r"(?<!pay )(?<!pagar )\b(?:in|en) (?:us |american |canadian |mexican )?(?:dollars|usd|pounds|gbp|euros?|eur"
        r"|pesos"
        r"|dolares|cad)\b|\b(?:exchange rate|tipo de cambio|(?:what|which) currency|(?:que|cual) moneda)\b",
    ),
    (
        "invoice",
        r"\b(?:made out to|razon social|comprobante(?! (?:medico|de (?:enfermedad|vuelo)))|boleta|cuit|tax id|vat"
        r"|bill\b|factur\w+|invoice|receipt"
        r"|recibo|rfc|cfdi)\b",
    ),
    (
        "deposit",
        r"\b(?:por adelantado|anticipo|deposit|(?:cobra\w*|pag\w*) (?:algo )?(?:antes|ahora|primero))\b",
    ),
    (
        "payment",
        (
            r"\b(?:abonar|dolar(?:es)?|dollars?|euros|currency|moneda|cambio de divisas|debito|credito"
            r"|contactless|mercado ?pago|cuotas|installments?|oxxo|up ?front"
            r"|por adelantado|(?:cobra\w*|pag\w*) (?:algo )?(?:antes|ahora|primero)"
            r"|senas?\b|pag(?:o|ar|os|amos)\b|tarjetas?|efectivo|pay(?:ment|ing)?s?\b|credit cards?"
            r"|debit|amex|visa\b"
            r"|mastercard|cash|deposit\w*|anticipo|transferencia|paypal|bizum|meses sin intereses|apple pay)\b"
        ),
    ),
    (
        "discount",
        (
            r"\b(?:aaa|military|veterans?|inapam|loyalty|(?:algo )?mas barat[oa]s?|cheaper|descuento\w*"
            r"|group rates?|tarifas? de grupo|(?:instead of|en vez de|en lugar de) \$?\d{2,}|rebaja\w*"
            r"|(?:better|mejor) (?:price|rate|deal|precio|tarifa)|discount\w*|promo\w*|oferta|deals?\b|coupon"
            r"|cupon|descuent\w+|rebajit\w+|student|estudiante|(?:corporate|company|business) rates?"
            r"|(?:tarifas?|precios?) (?:corporativ\w+|de empresa|para empresas|de convenio)|convenio"
            r"|jubilad\w*|senior)\b"
        ),
    ),
    (
        "policy",
        (
            r"\b(?:cancel\w* (?:\w+ )?(?:free|sin (?:costo|cargo|penal\w+)|gratis|for free)|notice|penalty"
            r"|penaliz\w+|money back|minimum age|edad minima|quiet hours|visitors|house rules|reglas"
            r"|normas|minimum stay|estancia minima|pasaporte|passport|cancell?ation policy|politica\w*|policy"
            r"|(?:latest|deadline|last day|how many days|hasta cuando|hasta que (?:dia|fecha|hora)|fecha limite"
            r"|con cuant\w+ (?:dias|tiempo))\b[^.?!]{0,30}\b(?:cancel\w*|anul\w+)|(?:don'?t|do not|no) (?:show up"
            r"|me presento"
            r"|nos presentamos)|no[ -]show|visit (?:me|us)|(?:see me|verme"
            r"|vernos)\b[^.?!]{0,12}\b(?:room"
            r"|habitacion|cuarto)|(?:if|when) (?:i|we) (?:\w+ ){0,2}cancel"
            r"|(?:how late|when) can (?:i|we) cancel|si (?:\w+ ){0,3}cancel\w+"
            r"|(?:difference|diferencias?|compar(?!t)\w+)[^.?!]{0,25}(?:rates|tarifas|plans?|planes)"
            r"|policies|reembols\w*|refund\w*|cancelar sin|cancelo"
            r"|(?:cambi\w+|mover|modific\w+|chang\w+|move)\b[^.!?]{0,25}\b(?:despues|luego|mas adelante|later"
            r"|afterwards)"
            r"|free cancell?ation|garantia)\b"
        ),
    ),
    (
        "reception_hours",
        r"\b(?:recepcion|reception|front desk)(?: desk)? (?:\w+ ){0,3}(?:open|abr\w+|abiert\w+|cierr\w+|close[sd]?"
        r"|24)\b"
        r"|\b(?:abr\w+|abiert\w+|cierr\w+|open|close[sd]?|horarios?|hours?)(?: \w+){0,3} (?:recepcion|reception"
        r"|front desk)\b",
    ),
    (
        "check_out_time",
        (
            r"\b(?:(?:have to|need to|must|should) (?:we |i )?(?:be out|leave|clear out)|(?:hay que|tengo que"
            r"|tenemos que|debo|debemos|se debe) (?:irse|irme|irnos|salir|dejar|entregar)|check[ -]?out|checkout"
            r"|hora (?:de )?salida|salida|desocupar|dejar (?:la habitacion|el cuarto)|vacate"
            r"|leave the room|entregar (?:la habitacion|el cuarto|la llave|las llaves))\b"
        ),
    ),
    (
        "check_in_time",
        (
            r"\b(?:get (?:into|in) (?:the|our|my) room|(?:when|what time) can (?:i|we) (?:come|get in)"
            r"|entregan la (?:habitacion|llave)|check[ -]?in|checkin|hora de (?:entrada|llegada)|entrada|entrar|llegar"
            r"|llegada|arrive|arrival|room (?:be )?ready)\b"
        ),
    ),
    (
        "reservation_details",
        (
            r"\b(?:(?:mi|my|la|the|our|nuestra) (?:reserva(?:cion)?|booking|reservation|confirmation)|confirmacion"
            r"|(?:mis|nuestras) (?:reservas|reservaciones)|(?:my|our) (?:bookings|reservations)"
            r"|confirmation (?:number|email)|what room is|en que (?:habitacion|cuarto) (?:esta|se)|is .{1,30} staying"
            r"|cuanto (?:\w+ )?(?:debo|debemos|adeudo)\b|(?:do|what) (?:i|we) (?:still )?owe"
            r"|(?:mi|my) (?:saldo|balance)"
            r"|se (?:aloja|hospeda)\w*|no (?:me|nos) (?:ha |han )?lleg\w+|(?:mi|el) codigo|resumen|summary"
            r"|my (?:booking |reservation )?code"
            r"|(?:did ?n'?t|have ?n'?t|have not|never) (?:get|got|receiv\w+)|(?:why"
            r"|por que)\b[^.?!]{0,30}\b(?:cancel\w+"
            r"|anul\w+)|(?:dates?|nights?|rate|fechas|noches|tarifa|room) (?:did )?(?:i|we|yo)? ?(?:booked?|reserve"
            r"|reservamos"
            r"|reserv(?:e|ed))|(?:if|whether|si) (?:i|we)? ?(?:booked|reserve|reservamos))\b"
        ),
    ),
    (
        "restaurant",
        (
            r"\b(?:almorzar|brunch|eat\b|diner|buffet|allerg\w+|alergi\w+|vegan\w*|vegetarian\w*|celia\w+|coeliac"
            r"|gluten\w*|meals?|dietary|lactos\w+|drinks?|cocktails?|restaurante?s?"
            r"|media pension|pension completa|half[ -]board|full[ -]board|all[ -]inclusive"
            r"|todo incluido|comida|cena|cenar|almuerzo|comer|dinner|lunch|food|menu|bar\b|cocina|kitchen"
            r"|vegan\w*|vegetarian\w*|halal|kosher|gluten|celiac\w*|table)\b"
        ),
    ),
    (
        "children",
        r"\b(?:bebe\b|baby|babies|stroller|cochecito|playground|kids'? club|cuna|crib|cot\b|high ?chair|periquera"
        r"|trona|ninos|kids|children|babysit\w*|ninera|menores)\b",
    ),
    (
        "laundry",
        r"\b(?:wash(?:ing)? (?:my |our |some )?(?:clothes|machine)|lavadoras?|lavarropas|lavadero|lavar (?:la |mi "
        r"|nuestra )?ropa"
        r"|lavanderia|laundry|lavar ropa|dry clean\w*|tintoreria)\b",
    ),
    (
        "transport",
        (
            r"\b(?:cabs?\b|colectivo|subte|public transport|lyft|didi|cabify|car rental|rental car|bicis?"
            r"|bicicletas?|bikes?|taxi\w*|uber|metro\b|subway|bus(?:es)?\b|autobus|camion|train|tren|estacion"
            r"|station|transporte"
            r"|transport|tube|rent a car|alquil\w+ (?:un )?(?:coche|carro|auto))\b"
        ),
    ),
    (
        "tourism",
        (
            r"\b(?:ski(?:s|ing)?|snowboard\w*|lift pass(?:es)?|slopes?|pistes?|excursions?|day trips?|ruins|ruinas"
            r"|nightlife|hik\w+|snorkel\w*|cenotes?|what to see|que ver|guia turistic[oa]|guided"
            r"|turis\w+|tour\w*|museo\w*|museum\w*|visitar|sightsee\w*|attractions?|que hacer|things to do"
            r"|excursion\w*|playa|beach|centro historico|downtown"
            r"|(?<!habitacion )(?<!habitacion me )(?<!habitacion nos )(?<!cuarto me )(?<!room do you )recom(?:iend"
            r"|mend)\w*)\b"
        ),
    ),
    (
        "location",
        (
            r"\b(?:a cuanto (?:esta|queda)|que tan (?:lejos|cerca)|walking distance|a pie|cuadras|neighbou?rhood"
            r"|barrio|google maps|how long (?:does it take|to get)|direccion|ubica\w+|address|located|location"
            r"|donde (?:esta|estan|queda)|where (?:are|is)"
            r"|como (?:llego|llegar|se llega)|directions|how (?:far|do i get|can i get)|distancia|distance|map|mapa"
            r"|cerca|near\w*|close to|lejos)\b"
        ),
    ),
    (
        "room_details",
        (
            r"\b(?:(?:how many (?:people|persons|guests|adults)|cuant[ao]s (?:personas|adultos|huespedes))"
            r"|(?:habitacion|cuarto|room)\b[^.?!]{0,15} recom(?:iend|mend)\w*|difference|differences"
            r"|(?<!devuelven la )(?<!devolver la )(?<!pago una )diferencias?|does .{0,20}sleep"
            r"|sleeps? \d|caben|capacidad|kitchenette|cocineta|sofa ?bed|sofa cama"
            r"|escritorio|desk\b|connecting"
            r"|comunicad\w+|netflix|smart tv|wardrobe|balcon\w*|terraza|vistas?|view\w*|tina|banera|bathtub|bath"
            r"|shower|ducha|aire acondicionado|a/?c\b"
            r"|air con\w*|calefaccion|heating|minibar|fridge|nevera|refri\w*|caja fuerte|safe\b|tv\b|tele\w*|camas?"
            r"|beds?|metros|square|floor|piso|planta baja|hair ?dryer|secador\w*|plancha|iron|kettle|cafetera"
            r"|coffee maker"
            r"|microond\w+|microwave)\b"
        ),
    ),
    (
        "price",
        (
            r"\b(?:precio\w*|price\w*|cuanto|how much|propina|resort fee|per night|(?:por|x) noche|(?:como"
            r"|cuanto) (?:me |nos )?(?:sale|saldria|queda|quedaria)|cost\w*"
            r"|tarifa\w*|rates?\b|cobran|vale|fee|cotiz\w+|impuestos"
            r"|taxes|iva)\b"
        ),
    ),
    ("amenities", r"\b(?:servicios|amenidades|instalaciones|amenities|facilities|services|incluye\w*|include\w*)\b"),
    (
        "events",
        (
            r"\b(?:bodas?|casamiento|bautizo|quinceanos|quinceanera|banquete\w*|eventos?|salon (?:de|para)"
            r"|sala de (?:juntas|reuniones"
            r"|conferencias)|weddings?|banquets?|events?|function rooms?|(?:meeting|conference) rooms?|ballroom"
            r"|conferences?"
            r"|venue)\b"
        ),
    ),
)
