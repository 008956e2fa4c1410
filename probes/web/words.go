package web

import (
	"regexp"
	"strings"
)

// What pages call things, by language. Phrases are compared as whole words,
// without case, accents and punctuation (see folded), and every language is
// tried on every page: shops mix them.
type phrases map[string][]string

// marketing asks for leave to advertise.
var marketing = phrases{
	"en": {"newsletter", "newsletters", "special offers", "offers", "marketing", "promotions", "promotional", "mailing list", "keep me informed", "keep me posted", "keep me up to date", "product news", "latest news", "discounts", "advertising"},
	"de": {"newsletter", "angebote", "angeboten", "werbung", "neuigkeiten", "aktionen", "gutscheine", "rabatte", "auf dem laufenden"},
	"fr": {"newsletter", "infolettre", "lettre d information", "offres", "promotions", "actualites", "nouveautes", "publicite", "bons plans"},
	"es": {"boletin", "ofertas", "promociones", "novedades", "publicidad", "comunicaciones comerciales"},
	"it": {"newsletter", "offerte", "promozioni", "novita", "pubblicita", "comunicazioni commerciali"},
	"nl": {"nieuwsbrief", "aanbiedingen", "acties", "reclame", "op de hoogte"},
	"pt": {"newsletter", "boletim", "ofertas", "promocoes", "novidades", "publicidade"},
}

// declining turns such a box round: ticked, it keeps the advertising away.
var declining = phrases{
	"en": {"do not", "don t", "no thanks", "no newsletter", "rather not", "opt out"},
	"de": {"nicht", "kein", "keine", "keinen"},
	"fr": {"ne pas", "ne souhaite pas", "ne veux pas", "je refuse"},
	"es": {"no deseo", "no quiero", "no acepto"},
	"it": {"non desidero", "non voglio", "non accetto"},
	"nl": {"niet", "geen"},
	"pt": {"nao"},
}

// guest offers a way without an account.
var guest = phrases{
	"en": {"guest", "as a guest", "guest checkout", "without an account", "without account", "without registering", "without registration", "without signing up", "no account needed", "no account required", "no registration", "don t need an account", "do not need an account", "account is optional"},
	"de": {"als gast", "gast", "gastbestellung", "gastzugang", "ohne konto", "ohne kundenkonto", "ohne registrierung", "ohne anmeldung", "ohne zu registrieren", "kein konto notig", "kein konto erforderlich", "kein kundenkonto notig", "kein kundenkonto erforderlich"},
	"fr": {"invite", "en tant qu invite", "sans compte", "sans creer de compte", "sans inscription", "sans s inscrire"},
	"es": {"invitado", "como invitado", "sin cuenta", "sin registro", "sin registrarse", "sin registrarte", "sin crear una cuenta"},
	"it": {"ospite", "come ospite", "senza account", "senza registrazione", "senza registrarsi", "senza registrarti"},
	"nl": {"als gast", "gast", "zonder account", "zonder registratie", "zonder te registreren"},
	"pt": {"convidado", "visitante", "sem conta", "sem registo", "sem cadastro", "sem registrar"},
}

// impossible takes an offer in the same line back.
var impossible = phrases{
	"en": {"not possible", "not available", "not allowed", "cannot", "can t", "no guest", "not offered"},
	"de": {"nicht moglich", "nicht verfugbar", "nicht erlaubt", "keine gastbestellung", "leider nicht"},
	"fr": {"pas possible", "impossible", "pas disponible"},
	"es": {"no es posible", "no disponible", "no se puede"},
	"it": {"non e possibile", "non disponibile", "non si puo"},
	"nl": {"niet mogelijk", "niet beschikbaar"},
	"pt": {"nao e possivel", "nao disponivel"},
}

// delivery is the goods' way to the customer.
var delivery = phrases{
	"en": {"delivery", "deliver", "delivers", "delivered", "shipping", "shipped", "ships", "dispatch", "dispatched", "despatched", "postage", "arrives", "arrive", "arriving"},
	"de": {"versand", "versandkosten", "lieferung", "lieferkosten", "lieferzeit", "liefern", "lieferbar", "geliefert", "liefertermin", "zustellung", "versandfertig", "porto"},
	"fr": {"livraison", "livre", "livree", "livres", "expedition", "expedie", "frais de port"},
	"es": {"envio", "envios", "entrega", "entregamos", "gastos de envio", "llega", "recibelo"},
	"it": {"spedizione", "spedito", "consegna", "consegnato", "arriva"},
	"nl": {"verzending", "verzendkosten", "levering", "levertijd", "geleverd", "bezorging", "bezorgd", "bezorgkosten"},
	"pt": {"envio", "entrega", "entregue", "portes", "frete"},
}

// total is the sum of all that is to be paid; partial is not.
var (
	total = phrases{
		"en": {"total", "to pay", "amount due", "amount to pay"},
		"de": {"gesamt", "gesamtsumme", "gesamtbetrag", "gesamtpreis", "summe", "endsumme", "endbetrag", "zu zahlen", "zu zahlender betrag"},
		"fr": {"total", "total ttc", "montant total", "a payer"},
		"es": {"total", "importe total", "a pagar"},
		"it": {"totale", "da pagare"},
		"nl": {"totaal", "totaalbedrag", "te betalen"},
		"pt": {"total", "valor total", "a pagar"},
	}
	partial = phrases{
		"en": {"subtotal", "sub total", "total savings", "total weight", "total items"},
		"de": {"zwischensumme", "warenwert"},
		"fr": {"sous total"},
		"es": {"subtotal", "sub total"},
		"it": {"subtotale", "totale parziale"},
		"nl": {"subtotaal", "sub totaal"},
		"pt": {"subtotal", "sub total"},
	}
)

// free prices a delivery in words; excluded says that its price is not in it,
// or not yet known.
var (
	free = phrases{
		"en": {"free", "included", "no charge"},
		"de": {"gratis", "kostenlos", "kostenfrei", "kostenloser", "versandkostenfrei", "frei", "inklusive", "inkl", "enthalten"},
		"fr": {"gratuit", "gratuite", "offert", "offerte", "inclus", "incluse"},
		"es": {"gratis", "gratuito", "incluido", "incluidos"},
		"it": {"gratis", "gratuita", "inclusa", "incluso"},
		"nl": {"gratis", "inbegrepen", "inclusief"},
		"pt": {"gratis", "gratuito", "incluido", "incluidos"},
	}
	excluded = phrases{
		"en": {"excl", "excluding", "plus delivery", "plus shipping", "plus postage", "before delivery", "before shipping", "without delivery", "calculated", "not included", "next step"},
		"de": {"zzgl", "zuzuglich", "exkl", "ohne versand", "berechnet", "nachsten schritt"},
		"fr": {"hors livraison", "hors frais", "en sus", "calcules", "calcule"},
		"es": {"no incluido", "no incluidos", "sin envio", "mas envio", "calculado", "calculan"},
		"it": {"esclusa", "escluso", "escluse", "calcolata", "calcolate"},
		"nl": {"exclusief", "excl", "berekend", "zonder verzending"},
		"pt": {"nao incluido", "nao incluidos", "sem envio", "calculado", "excluindo"},
	}
)

// threshold prices a delivery under a condition only.
var threshold = phrases{
	"en": {"from", "over", "above", "more", "more than", "when you spend"},
	"de": {"ab", "uber", "mehr als"},
	"fr": {"a partir de", "au dela", "d achat", "d achats"},
	"es": {"a partir de", "desde", "mas de"},
	"it": {"a partire da", "oltre", "sopra"},
	"nl": {"vanaf", "boven"},
	"pt": {"a partir de", "acima de"},
}

// stock says whether a thing is there to be sent.
var stock = phrases{
	"en": {"in stock", "out of stock", "sold out", "low stock", "left in stock", "only a few left", "currently unavailable", "ready to ship", "ready to dispatch", "back in stock", "made to order"},
	"de": {"auf lager", "vorratig", "nicht vorratig", "lieferbar", "sofort lieferbar", "sofort verfugbar", "verfugbar", "ausverkauft", "vergriffen", "versandfertig"},
	"fr": {"en stock", "en rupture", "rupture de stock", "epuise", "disponible", "indisponible"},
	"es": {"en stock", "en existencias", "sin existencias", "agotado", "disponible"},
	"it": {"disponibile", "non disponibile", "esaurito", "in magazzino", "disponibilita immediata"},
	"nl": {"op voorraad", "niet op voorraad", "uitverkocht", "leverbaar", "niet leverbaar"},
	"pt": {"em stock", "em estoque", "esgotado", "disponivel", "indisponivel"},
}

// putIn are the names of what puts a thing into the basket.
var putIn = phrases{
	"en": {"add to cart", "add to basket", "add to bag", "add to trolley", "put in basket", "into the basket"},
	"de": {"in den warenkorb", "in den einkaufswagen", "in den korb", "zum warenkorb hinzufugen"},
	"fr": {"ajouter au panier", "mettre dans le panier"},
	"es": {"anadir al carrito", "anadir a la cesta", "agregar al carrito"},
	"it": {"aggiungi al carrello", "metti nel carrello"},
	"nl": {"in winkelwagen", "in winkelmand", "in mijn winkelwagen", "in de winkelwagen", "in winkelmandje"},
	"pt": {"adicionar ao carrinho", "adicionar ao cesto"},
}

// help, contact and chat are the names of controls and pages that lead to an
// answer or to a person.
var (
	help = phrases{
		"en": {"help", "faq", "faqs", "support", "customer service", "customer services", "customer care", "help centre", "help center", "frequently asked questions", "questions and answers"},
		"de": {"hilfe", "faq", "kundenservice", "kundendienst", "haufige fragen", "haufig gestellte fragen", "fragen und antworten", "service"},
		"fr": {"aide", "faq", "service client", "service clients", "questions frequentes", "foire aux questions"},
		"es": {"ayuda", "faq", "atencion al cliente", "preguntas frecuentes"},
		"it": {"aiuto", "faq", "assistenza", "servizio clienti", "domande frequenti"},
		"nl": {"hulp", "help", "faq", "klantenservice", "veelgestelde vragen"},
		"pt": {"ajuda", "faq", "apoio ao cliente", "atendimento ao cliente", "perguntas frequentes"},
	}
	contact = phrases{
		"en": {"contact", "contact us", "get in touch", "write to us", "ask us", "ask a question", "talk to us"},
		"de": {"kontakt", "kontaktformular", "kontaktieren", "schreiben sie uns", "schreib uns"},
		"fr": {"contact", "contactez nous", "nous contacter", "ecrivez nous"},
		"es": {"contacto", "contactar", "contactanos", "escribenos"},
		"it": {"contatti", "contatto", "contattaci", "scrivici"},
		"nl": {"contact", "neem contact op"},
		"pt": {"contacto", "contactos", "contato", "contacte nos", "fale conosco", "fale connosco"},
	}
	chat = phrases{
		"en": {"chat", "live chat", "livechat", "chat with us"},
		"de": {"chat", "chatten"},
		"fr": {"chat", "tchat", "discuter avec nous"},
		"es": {"chat", "chatea"},
		"it": {"chat", "chatta"},
		"nl": {"chat", "chatten"},
		"pt": {"chat", "conversar"},
	}
)

// call stands before telephone numbers.
var call = phrases{
	"en": {"phone", "telephone", "tel", "call", "call us", "ring", "hotline", "freephone", "helpline", "or call", "by phone"},
	"de": {"telefon", "telefonisch", "tel", "anrufen", "hotline", "rufen", "ruf", "rufnummer", "servicenummer"},
	"fr": {"telephone", "tel", "appelez", "appeler", "par telephone"},
	"es": {"telefono", "tel", "llamanos", "llama", "llame"},
	"it": {"telefono", "tel", "chiamaci", "chiama", "chiamare"},
	"nl": {"telefoon", "telefonisch", "tel", "bel", "bel ons"},
	"pt": {"telefone", "telemovel", "tel", "ligue"},
}

// searching is what search boxes are called; nothing is what a search says that
// found none.
var (
	searching = phrases{
		"en": {"search", "find", "looking for"},
		"de": {"suche", "suchen", "suchbegriff"},
		"fr": {"recherche", "rechercher", "chercher"},
		"es": {"buscar", "busqueda", "busca"},
		"it": {"cerca", "cercare", "ricerca"},
		"nl": {"zoek", "zoeken", "zoekterm"},
		"pt": {"pesquisar", "pesquisa", "procurar", "busca", "buscar"},
	}
	nothing = phrases{
		"en": {"no results", "nothing found", "no products found", "no products", "no matches", "no items", "found nothing", "nothing here", "could not find", "couldn t find", "did not find"},
		"de": {"keine ergebnisse", "keine treffer", "nichts gefunden", "keine produkte", "keine artikel"},
		"fr": {"aucun resultat", "aucun produit", "aucun article", "rien trouve"},
		"es": {"sin resultados", "no hay resultados", "ningun resultado", "ningun producto", "no se encontraron"},
		"it": {"nessun risultato", "nessun prodotto", "nessun articolo"},
		"nl": {"geen resultaten", "geen producten", "niets gevonden"},
		"pt": {"nenhum resultado", "nenhum produto", "sem resultados"},
	}
)

// days are how delivery pages name a day or a number of days, on folded lines.
var days = []*regexp.Regexp{
	regexp.MustCompile(`\b\d+ (to |bis |a |tot |ate |and |und )?(\d+ )?(\w+ )?(days?|hours?|weeks?|tage?n?|werktage?n?|arbeitstage?n?|stunden|wochen?|jours?|heures|semaines?|dias?|horas|semanas?|giorni|giorno|ore|settimane|dagen|dag|werkdagen|werkdag|uur|weken)\b`),
	regexp.MustCompile(`\b(one|two|three|four|five|next|same|ein|zwei|drei|vier|funf|un|deux|trois|dos|tres|due|tre|een|twee|drie|um|dois)( or \w+| bis \w+| a \w+)?( working| business)? (days?|tage?n?|werktage?n?|jours?|dias?|giorni|giorno|dagen|dag|werkdagen)\b`),
	regexp.MustCompile(`\b(tomorrow|today|tonight|morgen|heute|demain|aujourd hui|manana|hoy|domani|oggi|vandaag|amanha|hoje)\b`),
	regexp.MustCompile(`\b(monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|lunes|martes|miercoles|jueves|viernes|sabado|lunedi|martedi|mercoledi|giovedi|venerdi|sabato|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag)s?\b`),
	regexp.MustCompile(`\b\d{1,2} (jan|feb|mar|apr|may|mai|mei|maj|jun|jul|aug|sep|sept|okt|oct|nov|dec|dez|janvier|fevrier|mars|avril|juin|juillet|aout|enero|febrero|abril|junio|julio|agosto|gennaio|febbraio|marzo|aprile|maggio|giugno|luglio)\w*\b|\b\d{1,2} (0?[1-9]|1[0-2]) 20\d\d\b|\b20\d\d (0?[1-9]|1[0-2]) \d{1,2}\b`),
}

// purposes are what a field is for, the first that fits, by the words of its
// autocomplete attribute, name, id, label and placeholder.
var purposes = []struct {
	name     string
	personal bool // tells who the customer is
	words    phrases
}{
	{"search", false, searching},
	{"password", false, phrases{"html": {"new password", "current password", "password", "passwd"}, "de": {"passwort", "kennwort"}, "fr": {"mot de passe"}, "es": {"contrasena"}, "nl": {"wachtwoord"}, "pt": {"senha", "palavra passe"}}},
	{"email", true, phrases{"html": {"email", "e mail", "mail", "email address"}, "de": {"mailadresse"}, "fr": {"courriel", "adresse electronique"}, "es": {"correo", "correo electronico"}, "it": {"posta elettronica"}, "nl": {"mailadres"}}},
	{"phone", true, phrases{"html": {"tel", "phone", "telephone", "mobile"}, "de": {"telefon", "telefonnummer", "handy"}, "es": {"telefono", "movil"}, "it": {"telefono", "cellulare"}, "nl": {"telefoon", "telefoonnummer"}, "pt": {"telefone", "telemovel"}}},
	{"birthday", true, phrases{"html": {"bday", "birthday", "date of birth"}, "de": {"geburtsdatum", "geburtstag"}, "fr": {"date de naissance"}, "es": {"fecha de nacimiento"}, "it": {"data di nascita"}, "nl": {"geboortedatum"}, "pt": {"data de nascimento"}}},
	{"postcode", true, phrases{"html": {"postal code", "postcode", "post code", "zip", "zip code", "zipcode"}, "de": {"plz", "postleitzahl"}, "fr": {"code postal"}, "es": {"codigo postal"}, "it": {"cap", "codice postale"}, "pt": {"codigo postal", "cep"}}},
	{"city", true, phrases{"html": {"address level2", "city", "town"}, "de": {"ort", "stadt", "wohnort"}, "fr": {"ville"}, "es": {"ciudad", "poblacion"}, "it": {"citta"}, "nl": {"plaats", "woonplaats"}, "pt": {"cidade", "localidade"}}},
	{"street", true, phrases{"html": {"street address", "address line1", "street", "address"}, "de": {"strasse", "anschrift", "adresse", "hausnummer"}, "fr": {"rue", "adresse"}, "es": {"calle", "direccion"}, "it": {"via", "indirizzo"}, "nl": {"straat", "adres"}, "pt": {"rua", "morada", "endereco"}}},
	{"company", false, phrases{"html": {"organization", "company"}, "de": {"firma", "unternehmen"}, "fr": {"societe", "entreprise"}, "es": {"empresa"}, "it": {"azienda"}, "nl": {"bedrijf"}}},
	{"given name", true, phrases{"html": {"given name", "first name", "firstname", "forename"}, "de": {"vorname"}, "fr": {"prenom"}, "es": {"nombre de pila"}, "it": {"nome proprio"}, "nl": {"voornaam"}, "pt": {"primeiro nome"}}},
	{"family name", true, phrases{"html": {"family name", "last name", "lastname", "surname"}, "de": {"nachname", "familienname"}, "fr": {"nom de famille"}, "es": {"apellido", "apellidos"}, "it": {"cognome"}, "nl": {"achternaam"}, "pt": {"apelido", "sobrenome"}}},
	{"name", true, phrases{"html": {"name", "full name", "your name"}, "de": {"ihr name"}, "fr": {"nom"}, "es": {"nombre"}, "it": {"nome"}, "nl": {"naam"}, "pt": {"nome"}}},
}

// purposeOf gives what a field is for, empty when nothing tells.
func purposeOf(kind, about string) (purpose string, personal bool) {
	switch kind { // the browser's own word for it
	case "password":
		about = "password " + about
	case "email", "tel", "search":
		about = kind + " " + about
	}
	plain := pad(about)
	for _, p := range purposes {
		if p.words.in(plain) {
			return p.name, p.personal
		}
	}
	return "", false
}

// pad folds a text so that whole words can be found in it.
func pad(s string) string { return " " + folded(s) + " " }

// in reports whether one of the phrases stands in a padded text.
func (p phrases) in(padded string) bool {
	for _, list := range p {
		for _, phrase := range list {
			if holdsWords(padded, phrase) {
				return true
			}
		}
	}
	return false
}

// holdsWords reports whether a phrase stands in a padded text between spaces.
func holdsWords(padded, phrase string) bool {
	for from := 0; ; {
		i := strings.Index(padded[from:], phrase)
		if i < 0 {
			return false
		}
		i += from
		if padded[i-1] == ' ' && padded[i+len(phrase)] == ' ' {
			return true
		}
		from = i + 1
	}
}
