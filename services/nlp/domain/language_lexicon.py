"""Words that tell Spanish from English in hotel messages, without accents. Words of both languages are in neither."""

from services.nlp.domain.text import word_set

SPANISH = word_set(
    """
    a abierta abierto abren aca aceptan aceptas adelante ademas adios adulto adultos agua ahi ahora ahorita aire al
    alberca alguien alguna algo alla alli amigos ano anos antes apartado apartar aqui asi aun ayer ayuda ayudar
    bano banera bebe bien borren buen buena buenas bueno buenos cada calor cama camas cambiar cambio cancela
    cancelar cancelarla cancelen caro carro casa cena cerca cerrado chao chau cobran cobro coche comida como con
    confirmo confirmar confirma contigo correcto correo cual cuando cuantas cuanto cuantos cuarto cuartos cuenta
    cuesta da dale dame de dejar del desayuno desde despues dia dias diciembre diez dijeron dinero disculpa
    disculpe disponible disponibilidad disponibles divino doble dos dormir el ella ellas ellos empleado en enero
    encanta encanto entonces entrada era eran eres es esa ese eso espera esposa esposo esta estaba estacionamiento
    estado estamos estan estar estas este esto estos estoy estuvo excelente exacto factura familia familiar fea
    febrero fecha fechas felicidades fin finde fueron funciona fue fria frio fumar gente gerente gracias gran
    grande gratis gustaria gusta habia habitacion habitaciones hablar hace hacen hacer hacia hago hagamos han hasta
    hay hecho hermosa hija hijo hijos hola hombre hora horario horas horrible hoy huesped huespedes ida incluido
    incluye informacion ir jueves junio julio la las le lejos les libre limpieza listo llamar llamo llave llega
    llegada llegamos llego llegar llevar lleva lo los luego lunes luz madre mal mala malo manana marido martes
    marzo mas mascota mascotas mayo me mejor menos mensajes mes mesa mi miercoles mil mio mis misma mismo molesta
    molesto mucha muchas mucho muchos mujer muy nada nadie necesitamos necesito negativo nene ni ninguna ninguno
    nino ninos noche noches nombre nos nosotros novia novio noviembre nueve nunca ocho octubre oigan ojala ola
    orale otra otro otros pagar pago para parece pareja pasa pasado pase pedir peor perdon perfecto pero perro
    perros persona personas piscina poder podemos podria podrian podes por porque precio precios primero primera
    pronto propina proxima proximo puede pueden puedes puedo puerta pues queda quedar queja quejarme queremos
    queria quien quiere quiero quisiera quitar recepcion reembolso regresar reserva reservacion reservar reservas
    ruido ruidoso sabado sabanas saber sabes saldo sale salgo salida salimos sea segunda segundo seguro seis semana
    senor senora sera seria si siempre siete sigue siguen siguiente sillas sin sirve sobre sobran sola solo somos
    son soy su sucia sucio sucias supuesto sus tal tambien tambor tampoco tan tarde tardes tarjeta te tele temprano
    tenemos tener tenes tengo tenia tercera tiene tienen tienes toalla toallas toda todas todavia todo todos tomar
    trabajo tres tu tus tuve tuvimos ubicados un una unas uno unos urgente usted ustedes va vale vamos vas
    vacaciones ven venir ver verano vez viaje viajo viernes vista vive volver voy vuelo ya yo zona cinco cuatro
    doce once domingo agosto abril septiembre che vos sos queres bacano chevere guagua recamara cajero taxi lleven
    manden manda mandame traigan traiga traer suban bajen ponme ponga emergencia ambulancia incendio fuego auxilio
    socorro borrar datos baja alta parar darme quitenme dejen nochevieja navidad doscientos treinta veinte
    confirmado confirmada cancelado anular anula modificar mover adelantar alargar ampliar extender quedarnos
    quedarme hospedarme hospedarnos alojarme alojarnos barato barata sencilla individual dobles suites flexible
    hab habs pers disp dispo
    tarifa tarifas reembolsable hotelera que onda clave nevera alquiler mujer ayer vie jue mie sab dom ene ago dic
    refri plancha hervidor cafetera secadora cobija almohada almohadas frazada jabon lavanderia factura recibo
    reembolso saldo cobro tarifas alojamiento estadia estancia hospedaje pieza dormitorio matrimonio parejas nietos
    abuelos suegra cunado sobrino menores vista mar terraza balcon tina regadera ducha techo piso ascensor elevador
    escalera pasillo ventana cortina colchon manta gimnasio alergia alergico vegano vegetariano celiaco sopa pollo
    carne pescado fruta leche cerveza vino te jugo hielo botella queja quejas ruidosos malisimo pesimo buenisimo
    riquisimo lindo linda bonito bonita bello hermoso maravilla genial barbaro padre padrisimo chido joya ayudame
    ayudenme digame dime oye oiga buen provecho saludos adelante cancelado agotado lleno llena ocupado vacio libre
    mascotas fumar fumo humo calefaccion clima ventilador enchufe bombilla foco gotera fuga vecinos gritos fiesta
    pelea policia medico doctor farmacia cajero banco mercado centro catedral playa montana ciudad pueblo calle
    avenida metro autobus camion tren avion aeropuerto maletas equipaje valijas carrito silla ruedas cuna trona
    panales gemelas gemelos camarote supletoria mesero camarera mucama botones gerencia asesor humano alguno
    alguien quienes cuanta
    """
)
ENGLISH = word_set(
    """
    about accept accepted actually add after afternoon again ahead air airport all allow allowed almost already
    also always am amazing ambulance an and another any anybody anyone anything appreciate april are around arrive
    arriving ask asked at august available availability away awesome awful baby back bad bags bath bathroom be
    beautiful because bed beds been before behind being best better big bill birthday book booked booking both
    bought breakfast bring broken brother but by bye call called came can cancel cancelled cannot cant car card
    cash change changed charge charged cheap check checking checkout child children clean cleaned close closed
    clothes coffee cold come coming complain complaint confirm confirmed cost could couple crib date dates daughter
    day days deal dear december definitely delete desk did didnt different dinner dirty discount do does dog dogs
    doing done dont door double down drink drive during each early easy eat eight either else email emergency
    english enough evening ever every everyone everything excellent exactly excuse expensive extra family far fast
    father february fee few find fine fire first five floor food for forget found four free friday friend friendly
    friends from front full fully get getting girl give go going gone gonna good goodbye got great group guess
    guest guests guy gym had half happy has hasnt have having he hear heard heating hello help her here hey hi him
    his hold holiday hope hot hotels hour hours house how however human husband i id if ill im in include included
    information instead into iron is isnt issue it its ive january job july june just keep key kid kids kind kindly
    know knows lady large last late later leave leaving left less let lets life light like likely little live
    located location long look looking lost lot loud love lovely luggage made make man manager many march massage
    matter may maybe me mean meant meet message messages middle mind minute minutes mistake moment monday money
    month months more morning most mother move much must my myself name nearby need needed needs never new next
    nice night nights nine no nobody noise noisy none nope not nothing november now number october of off offer
    often oh ok old on once one online only open opt or order other our out outside over overnight own paid park
    parking party pay people perfect person pet pets phone pick place plan plans please pool possible pounds prefer
    previous price prices probably problem pull quick quickly quiet quite rate rates rather reach read ready really
    reason receive reception refund remove rent request reserve return ride right room rooms rude said same
    saturday say saying see seem seems send sent september serve service set seven shall she sheets should show
    shower side sir sister six sleep slow small smell smells smoke smoking so soap some somebody someone something
    son soon sorry sounds speak staff start starting stay stayed staying still stop store street stuff such sunday
    sure swimming take taken taking talk tell ten terrible than thank thanks that thats the their them then there
    these they thing things think third this those though three through thursday thx till time times tired to today
    together toilet told tomorrow tonight too took towels town travel traveling tried trip try trying tuesday turn
    tv twelve twin two under until unfortunately unsubscribe up upgrade upstairs us use very view visit wait
    waiting wake walk want wanna wanted warm was wasnt water way we wednesday week weekend weeks well went were
    what whats when where which while who whole why wife will window wish with without woman wonderful wont work
    working works worst would write wrong yeah year years yep yes yesterday yet you your youre yours yup cheers
    mate ta sleeps cot stinks bloody quid reckon fancy y'all gotta hair dryer kettle fridge pillow pillows blanket
    soap shampoo laundry valet shuttle cab ride elevator lift stairs hallway window curtain mattress towel sink tub
    leak leaking mold mould damp stain stains filthy gross nasty rude slowly loudly neighbours neighbors upstairs
    downstairs outlet plug charger adapter bulb lamp remote heater fan sweaty freezing boiling stuffy spacious cozy
    cosy comfy spotless superb brilliant fabulous stunning delicious tasty awful dreadful lousy refundable
    nonrefundable deposit receipt invoice quote fare fares tickets concierge doorman housekeeping maid waiter
    bartender chef vegan gluten nuts allergy allergic wheelchair ramp accessible toddler infant stroller highchair
    crib twins couple honeymoon anniversary wedding birthday reunion conference business trip vacation getaway
    overnight weekend weeknight fortnight tonite tmrw thx ty np lol omg yup nah welcome congrats sorry
    pardon whoops bummer cool neat sweet dude guys folks ma'am madam miss single upgrade downgrade shift postpone
    reschedule swap cancelling canceling refunds charges fees taxes tip tips fast slower faster louder quieter
    cleaner bigger smaller cheaper cheapest nicest best worst sight sights museum beach downtown uptown nearby
    walking driving
    absolutely address affirmative agent agents agreed alone alright alrighty asleep awake aye balcony bathrobe beer
    blocked breakfasts brunch bugs bunk burglar certainly cheque chill closing coach code confirming correct
    correction delighted dining directions disappointed disappointing ditto excited fab faulty feedback ferry flight
    flights flooded flooding forgot furious gotcha grand grateful greetings hurry hurt incorrect injured joking juice
    leaky locked lunch magic maps marvellous marvelous milk nightmare numbers okey opening operator operators
    ourselves outstanding parked pass password paying perfection pleasant pleased police pricing privacy proceed quit
    receptionist representative resubscribe roger rubbish seaview shocking sick splendid starving stolen stressed
    stuck subscribe tea terrific thanking thief tidy train transport trapped unacceptable understood unhappy unhelpful
    unsafe vacancies vacancy vacant verified views weather whatever whenever wicked wine yay yea yeh yess yessir
    yourself
    """
) - {"no", "hotels"}
SHARED = word_set(
    """
    no hotel ok okay suite wifi wi fi taxi bar spa internet normal total central legal final natural animal
    familiar simple doble single control error chocolate whatsapp sms email mail gmail com www http https flexible
    motel piano radio solo local personal sofa sushi pizza menu club gym me son a has he once pan pie sin van ten
    red sea mar san santa diana maria ana carlos luis jose juan pedro john james mary emily smith lopez garcia
    perez ruiz alameda mexico madrid london r nrf flex dbl twn fam sui vip check in out late early stop start tour
    real general similar horrible terrible pls plz plis
    """
)
