package web

import (
	"strings"
	"unicode"
)

// What forms say to a mistake, by language. Languages without spaces between
// their words have their phrases in spoken, which are looked for as they are.

// A vocabulary is phrases, and such as stand anywhere in a text.
type vocabulary struct {
	phrases phrases
	spoken  []string
}

// speaks makes one, its phrases folded as texts are (see folded).
func speaks(p phrases, spoken ...string) vocabulary {
	plain := phrases{}
	for language, list := range p {
		for _, phrase := range list {
			plain[language] = append(plain[language], folded(phrase))
		}
	}
	return vocabulary{plain, spoken}
}

// says reports whether a text holds one of the phrases.
func (v vocabulary) says(text string) bool {
	for _, s := range v.spoken {
		if strings.Contains(text, s) {
			return true
		}
	}
	return v.phrases.in(pad(text))
}

// hasWide reports whether a text is written without spaces between its words.
func hasWide(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) })
}

var (
	// wrongs speak of something that is not right, or ask for it to be mended.
	wrongs = speaks(phrases{
		"en": {"error", "errors", "invalid", "not valid", "isn t valid", "incorrect", "wrong", "not right", "required", "must", "missing", "please enter", "please provide", "please fill", "please type", "please choose", "please select", "please check", "please correct", "please use", "please add", "please tell", "please give", "please write", "please say", "please describe", "please tick", "please accept", "please agree", "please confirm", "we need", "cannot be", "can t be", "could not be sent", "failed", "problem", "problems", "is empty", "not recognised", "not recognized", "does not look", "doesn t look", "too short", "too long", "not a", "mistake", "mistakes", "oops", "something went wrong", "enter a", "enter an", "enter your"},
		"de": {"fehler", "ungultig", "ungultige", "ungultiger", "ungultiges", "falsch", "nicht korrekt", "nicht gultig", "kein gultige", "keine gultige", "erforderlich", "pflichtfeld", "pflichtfelder", "fehlt", "fehlen", "muss", "mussen", "bitte geben", "bitte gib", "bitte fullen", "bitte prufen", "bitte uberprufen", "bitte wahlen", "bitte tragen", "bitte eine", "bitte ihre", "bitte schreiben", "bitte schreib", "bitte bestatigen", "bitte korrigieren", "zu kurz", "zu lang", "darf nicht", "leider", "stimmt nicht", "angeben"},
		"fr": {"erreur", "erreurs", "invalide", "invalides", "non valide", "pas valide", "n est pas valable", "incorrect", "incorrecte", "obligatoire", "obligatoires", "requis", "requise", "manquant", "manquante", "manque", "veuillez", "merci de saisir", "merci d indiquer", "merci de renseigner", "doit", "doivent", "trop court", "trop courte", "indiquez", "saisissez", "renseignez", "ne peut pas etre vide"},
		"es": {"error", "errores", "no valido", "no valida", "no es valido", "no es valida", "invalido", "invalida", "incorrecto", "incorrecta", "obligatorio", "obligatoria", "obligatorios", "requerido", "requerida", "falta", "faltan", "debe", "deben", "debes", "introduzca", "introduce", "indique", "indica", "escriba", "escribe", "rellene", "rellena", "ingrese", "ingresa", "demasiado corto", "no puede estar vacio"},
		"it": {"errore", "errori", "non valido", "non valida", "non e valido", "non e valida", "non corretto", "non corretta", "errato", "errata", "obbligatorio", "obbligatoria", "obbligatori", "richiesto", "richiesta", "manca", "mancante", "deve", "devono", "inserire", "inserisci", "inserisca", "indicare", "indica", "compilare", "compila", "troppo corto", "non puo essere vuoto"},
		"nl": {"fout", "fouten", "ongeldig", "ongeldige", "niet geldig", "geen geldig", "onjuist", "onjuiste", "verplicht", "verplichte", "vereist", "ontbreekt", "ontbreken", "moet", "vul een", "vul uw", "vul je", "voer een", "voer uw", "controleer", "te kort", "mag niet leeg", "ingevuld"},
		"pt": {"erro", "erros", "invalido", "invalida", "nao e valido", "nao e valida", "incorreto", "incorreta", "obrigatorio", "obrigatoria", "obrigatorios", "necessario", "falta", "faltam", "deve", "devem", "preencha", "preencher", "insira", "indique", "introduza", "informe", "digite", "demasiado curto", "nao pode estar vazio"},
		"pl": {"błąd", "bład", "błędy", "błędny", "błędna", "nieprawidłowy", "nieprawidłowa", "nieprawidłowe", "niepoprawny", "niepoprawna", "wymagane", "wymagany", "wymagana", "obowiązkowe", "brak", "brakuje", "musi", "prosze podac", "prosze wpisac", "proszę podać", "proszę wpisać", "podaj", "wpisz", "uzupełnij", "za krótki"},
		"sv": {"fel", "felaktig", "felaktigt", "ogiltig", "ogiltigt", "inte giltig", "inte giltigt", "obligatorisk", "obligatoriskt", "kravs", "saknas", "maste", "ange", "fyll i", "skriv", "vanligen", "for kort", "far inte vara tomt"},
		"da": {"fejl", "ugyldig", "ugyldigt", "forkert", "pakrævet", "obligatorisk", "mangler", "skal", "indtast", "angiv", "udfyld"},
		"nb": {"feil", "ugyldig", "pakrevd", "mangler", "ma fylles", "skriv inn", "fyll ut", "oppgi"},
	}, "エラー", "正しく", "無効", "必須", "入力してください", "ご入力ください", "不正", "誤り", "間違", "未入力", "選択してください", "错误", "无效", "请输入", "请填写", "必填", "錯誤", "請輸入")

	// telling says what is to be done.
	telling = speaks(phrases{
		"en": {"please enter", "please provide", "please fill", "please type", "please choose", "please select", "please add", "please tell", "please give", "please write", "please say", "please describe", "please tick", "please accept", "please agree", "please confirm", "please use", "enter a", "enter an", "enter your", "enter the", "fill in", "fill out", "provide a", "provide an", "provide your", "type your", "choose a", "select a", "add your", "we need", "must", "should", "needs to", "has to", "required", "at least", "include", "cannot be empty", "can t be empty", "cannot be blank", "can t be blank", "for example", "such as", "is missing", "tell us"},
		"de": {"bitte geben", "bitte gib", "bitte fullen", "bitte wahlen", "bitte tragen", "bitte eine", "bitte ihre", "bitte deine", "bitte schreiben", "bitte schreib", "bitte bestatigen", "geben sie", "gib deine", "gib eine", "tragen sie", "fullen sie", "wahlen sie", "muss", "mussen", "erforderlich", "pflichtfeld", "mindestens", "zum beispiel", "fehlt", "darf nicht leer", "angeben", "eingeben", "ausfullen"},
		"fr": {"veuillez saisir", "veuillez entrer", "veuillez indiquer", "veuillez renseigner", "veuillez remplir", "veuillez fournir", "veuillez choisir", "merci de saisir", "merci d indiquer", "merci de renseigner", "saisissez", "indiquez", "renseignez", "entrez", "doit", "doivent", "obligatoire", "requis", "requise", "au moins", "par exemple", "manque", "ne peut pas etre vide"},
		"es": {"introduzca", "introduce", "indique", "indica", "escriba", "escribe", "rellene", "rellena", "ingrese", "ingresa", "complete", "debe", "deben", "debes", "obligatorio", "obligatoria", "requerido", "requerida", "al menos", "por ejemplo", "falta", "no puede estar vacio"},
		"it": {"inserire", "inserisci", "inserisca", "indicare", "compilare", "compila", "specificare", "deve", "devono", "obbligatorio", "obbligatoria", "richiesto", "richiesta", "almeno", "per esempio", "ad esempio", "manca", "non puo essere vuoto"},
		"nl": {"vul een", "vul uw", "vul je", "vul het", "voer een", "voer uw", "voer je", "geef een", "geef uw", "kies een", "moet", "verplicht", "vereist", "minstens", "ten minste", "bijvoorbeeld", "ontbreekt", "mag niet leeg"},
		"pt": {"preencha", "preencher", "insira", "indique", "introduza", "informe", "digite", "deve", "devem", "obrigatorio", "obrigatoria", "pelo menos", "por exemplo", "falta", "nao pode estar vazio"},
		"pl": {"prosze podac", "prosze wpisac", "proszę podać", "proszę wpisać", "podaj", "wpisz", "wprowadz", "uzupełnij", "wybierz", "musi", "wymagane", "wymagany", "wymagana", "co najmniej", "na przykład", "brakuje"},
		"sv": {"ange", "fyll i", "skriv", "valj", "maste", "kravs", "obligatorisk", "obligatoriskt", "minst", "till exempel", "saknas", "far inte vara tomt"},
		"da": {"indtast", "angiv", "udfyld", "vælg", "skal", "pakrævet", "mindst", "for eksempel", "mangler"},
		"nb": {"skriv inn", "fyll ut", "oppgi", "velg", "ma fylles", "pakrevd", "minst", "for eksempel", "mangler"},
	}, "入力してください", "ご入力ください", "選択してください", "必須", "正しい形式", "例えば", "半角", "请输入", "请填写", "必填", "請輸入")

	// thanks say that something was taken.
	thanks = speaks(phrases{
		"en": {"thank you", "thanks", "has been sent", "was sent", "message sent", "we have your", "has been received", "received your", "successfully", "success"},
		"de": {"vielen dank", "danke", "herzlichen dank", "wurde gesendet", "wurde versendet", "gesendet", "abgeschickt", "ist angekommen", "angekommen", "haben ihre", "erfolgreich"},
		"fr": {"merci pour", "merci de votre message", "nous vous remercions", "a ete envoye", "a bien ete", "avons bien recu", "succes"},
		"es": {"gracias", "ha sido enviado", "se ha enviado", "hemos recibido", "correctamente", "exito"},
		"it": {"grazie", "e stato inviato", "e stata inviata", "inviato con", "abbiamo ricevuto", "successo"},
		"nl": {"bedankt", "dank u", "dank je", "is verzonden", "hebben uw", "ontvangen", "gelukt"},
		"pt": {"obrigado", "obrigada", "foi enviado", "foi enviada", "recebemos", "sucesso"},
		"pl": {"dziękujemy", "dziekujemy", "dziękuję", "została wysłana", "został wysłany", "otrzymaliśmy"},
		"sv": {"tack", "har skickats", "skickat", "har mottagit"},
		"da": {"tak for", "er sendt", "har modtaget"},
		"nb": {"takk for", "er sendt", "har mottatt"},
	}, "ありがとう", "送信しました", "送信されました", "受け付けました", "受付けました", "谢谢", "感谢")
)

// hollow are words of labels that name nothing.
var hollow = phrases{
	"en": {"your", "field", "please", "required", "enter", "optional", "value", "here"},
	"de": {"ihre", "ihren", "ihrer", "deine", "feld", "bitte", "eingeben"},
	"fr": {"votre", "champ", "veuillez", "entrez"},
	"es": {"campo", "introduzca", "introduce", "obligatorio"},
	"it": {"campo", "vostro", "vostra", "inserisci"},
	"nl": {"veld", "jouw"},
	"pt": {"campo", "obrigatorio"},
	"pl": {"pole", "twoj", "twoja"},
	"sv": {"falt", "ditt"},
}
