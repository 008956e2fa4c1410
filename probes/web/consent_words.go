package web

// What banners that ask for leave to set cookies call things, by language; see
// phrases. Japanese and Chinese are not written in words: theirs are looked
// for anywhere.
var (
	// cookieTalk is what such a banner speaks of.
	cookieTalk = phrases{
		"en": {"cookie", "cookies", "tracking technologies", "we value your privacy", "your privacy choices", "privacy settings", "privacy preferences", "we and our partners", "data protection settings", "similar technologies"},
		"de": {"cookies", "datenschutzeinstellungen", "privatsphare", "privatsphareeinstellungen", "wir und unsere partner", "einwilligung"},
		"fr": {"traceurs", "temoins", "respectons votre vie privee", "nos partenaires", "votre consentement"},
		"es": {"galletas", "valoramos tu privacidad", "su privacidad", "nuestros socios", "consentimiento"},
		"it": {"la tua privacy", "i nostri partner", "consenso", "tecnologie simili"},
		"nl": {"koekjes", "uw privacy", "je privacy", "onze partners", "toestemming"},
		"pt": {"sua privacidade", "nossos parceiros", "consentimento"},
		"pl": {"ciasteczka", "ciasteczek", "plikow cookie", "plikow cookies", "pliki cookie", "prywatnosc", "zgody"},
		"sv": {"kakor", "cookies", "integritet", "samtycke"},
		"da": {"cookies", "samtykke", "privatliv"},
		"nb": {"informasjonskapsler", "samtykke", "personvern"},
		"fi": {"evasteet", "evasteita", "evasteiden", "suostumus"},
		"cs": {"soubory cookie", "souboru cookie", "souhlas", "soukromi"},
		"ja": {"クッキー", "プライバシー", "cookie"},
		"zh": {"隐私", "隱私", "cookie"},
	}

	// refusing keeps out what the shop does not need. It is looked for before
	// accepting, whose words it often holds.
	refusing = phrases{
		"en": {"reject", "decline", "refuse", "deny", "disagree", "do not accept", "don t accept", "do not allow", "don t allow", "without accepting", "without agreeing", "necessary only", "only necessary", "only essential", "essential only", "essentials only", "only the essentials", "strictly necessary only", "only strictly necessary", "required only", "only required", "accept necessary", "allow necessary", "use necessary", "accept essential", "necessary cookies only", "only necessary cookies", "essential cookies only", "only essential cookies", "required cookies only", "opt out", "no thanks", "no thank you", "no cookies"},
		"de": {"ablehnen", "alle ablehnen", "verweigern", "nicht einverstanden", "nicht zustimmen", "ohne zustimmung", "ohne einwilligung", "ohne zu akzeptieren", "nur notwendige", "nur erforderliche", "nur essenzielle", "nur technisch notwendige", "nur technisch erforderliche", "nur notwendiges", "notwendige cookies akzeptieren", "nein danke", "nein"},
		"fr": {"refuser", "tout refuser", "je refuse", "refuse", "rejeter", "continuer sans accepter", "sans accepter", "interdire", "uniquement necessaires", "uniquement les necessaires", "cookies necessaires uniquement", "strictement necessaires uniquement", "non merci"},
		"es": {"rechazar", "rechazar todo", "rechazarlas", "rechazo", "denegar", "no acepto", "no aceptar", "sin aceptar", "solo necesarias", "solo las necesarias", "solo esenciales", "solo cookies necesarias", "unicamente necesarias"},
		"it": {"rifiuta", "rifiuta tutto", "rifiuto", "rifiutare", "nega", "non accetto", "senza accettare", "solo necessari", "solo i necessari", "solo cookie necessari", "solo tecnici", "usa solo i cookie necessari"},
		"nl": {"weigeren", "alles weigeren", "afwijzen", "alles afwijzen", "niet akkoord", "alleen noodzakelijk", "alleen noodzakelijke", "alleen functionele", "alleen essentiele", "noodzakelijke cookies", "nee bedankt", "zonder te accepteren"},
		"pt": {"rejeitar", "rejeitar tudo", "recusar", "recuso", "negar", "nao aceito", "nao aceitar", "apenas necessarios", "somente necessarios", "so os necessarios", "apenas essenciais"},
		"pl": {"odrzuc", "odrzuc wszystko", "odmow", "odmawiam", "nie zgadzam sie", "nie wyrazam zgody", "tylko niezbedne", "bez akceptacji"},
		"sv": {"avvisa", "avvisa alla", "neka", "neka alla", "avboj", "tacka nej", "endast nodvandiga", "bara nodvandiga", "acceptera inte"},
		"da": {"afvis", "afvis alle", "nej tak", "kun nodvendige", "kun nødvendige", "accepter ikke"},
		"nb": {"avvis", "avvis alle", "avsla", "kun nodvendige", "kun nødvendige", "bare nødvendige", "nei takk"},
		"fi": {"hylkaa", "hylkaa kaikki", "kieltaydy", "en hyvaksy", "vain valttamattomat"},
		"cs": {"odmitnout", "odmitnout vse", "odmitam", "zamitnout", "pouze nezbytne", "jen nezbytne", "nesouhlasim"},
		"ja": {"拒否", "同意しない", "必須のみ", "必要なもののみ"},
		"zh": {"拒绝", "拒絕", "不同意", "仅必要", "僅必要"},
	}

	accepting = phrases{
		"en": {"accept", "agree", "allow", "consent", "yes", "ok", "okay", "got it", "i understand", "understood", "sounds good", "fine", "continue", "enable all"},
		"de": {"akzeptieren", "alle akzeptieren", "zustimmen", "einverstanden", "annehmen", "erlauben", "zulassen", "verstanden", "ja", "alles klar", "einwilligen", "bestatigen", "geht klar"},
		"fr": {"accepter", "tout accepter", "j accepte", "accepte", "autoriser", "d accord", "compris", "j ai compris", "oui"},
		"es": {"aceptar", "aceptar todo", "acepto", "permitir", "de acuerdo", "entendido", "vale", "si"},
		"it": {"accetta", "accetta tutto", "accetto", "accettare", "consenti", "acconsento", "ho capito", "va bene", "si"},
		"nl": {"accepteren", "alles accepteren", "accepteer", "akkoord", "toestaan", "begrepen", "ja", "prima"},
		"pt": {"aceitar", "aceitar tudo", "aceito", "permitir", "concordo", "entendi", "sim"},
		"pl": {"akceptuj", "akceptuje", "zaakceptuj", "zgadzam sie", "zezwol", "rozumiem", "wyrazam zgode"},
		"sv": {"acceptera", "acceptera alla", "godkann", "tillat", "jag forstar", "okej"},
		"da": {"accepter", "accepter alle", "tillad", "tillad alle", "godkend", "forstaet"},
		"nb": {"godta", "godta alle", "aksepter", "tillat", "jeg forstar", "samtykk"},
		"fi": {"hyvaksy", "hyvaksy kaikki", "salli", "salli kaikki", "selva"},
		"cs": {"prijmout", "prijmout vse", "souhlasim", "povolit", "povolit vse", "rozumim"},
		"ja": {"同意", "許可", "受け入れる", "承諾"},
		"zh": {"接受", "同意", "允许", "允許", "知道了"},
	}

	// choosing leads to a second layer, where each purpose can be refused.
	choosing = phrases{
		"en": {"settings", "preferences", "manage", "customize", "customise", "options", "choices", "more information", "learn more", "details", "let me choose", "show purposes", "configure"},
		"de": {"einstellungen", "einstellen", "anpassen", "verwalten", "auswahlen", "mehr optionen", "optionen", "individuell", "konfigurieren", "details", "mehr informationen", "zwecke anzeigen"},
		"fr": {"parametrer", "parametres", "personnaliser", "gerer", "preferences", "mes choix", "options", "configurer", "en savoir plus"},
		"es": {"configurar", "configuracion", "ajustes", "gestionar", "personalizar", "preferencias", "opciones", "mas informacion"},
		"it": {"personalizza", "preferenze", "impostazioni", "gestisci", "opzioni", "configura", "scopri di piu"},
		"nl": {"instellingen", "voorkeuren", "beheren", "aanpassen", "instellen", "opties", "zelf instellen", "meer informatie"},
		"pt": {"configurar", "configuracoes", "definicoes", "preferencias", "gerir", "gerenciar", "personalizar", "opcoes"},
		"pl": {"ustawienia", "dostosuj", "zarzadzaj", "preferencje", "opcje", "wiecej informacji"},
		"sv": {"installningar", "anpassa", "hantera", "valj sjalv", "mer information"},
		"da": {"indstillinger", "tilpas", "administrer", "vis detaljer", "mere information"},
		"nb": {"innstillinger", "tilpass", "administrer", "velg selv", "mer informasjon"},
		"fi": {"asetukset", "muokkaa", "hallitse", "lisatietoja", "valitse itse"},
		"cs": {"nastaveni", "upravit", "spravovat", "prizpusobit", "podrobnosti", "vice informaci"},
		"ja": {"設定", "管理", "詳細"},
		"zh": {"设置", "設置", "设定", "設定", "管理", "偏好"},
	}

	// saving closes the second layer with what is ticked there.
	saving = phrases{
		"en": {"save", "confirm", "apply", "accept selection", "accept selected", "allow selection", "submit choices", "submit preferences"},
		"de": {"speichern", "auswahl bestatigen", "auswahl erlauben", "auswahl akzeptieren", "ubernehmen", "auswahl ubernehmen"},
		"fr": {"enregistrer", "sauvegarder", "confirmer", "valider", "autoriser la selection"},
		"es": {"guardar", "confirmar", "permitir la seleccion", "aceptar seleccion"},
		"it": {"salva", "conferma", "accetta selezionati", "accetta la selezione"},
		"nl": {"opslaan", "bevestigen", "selectie toestaan", "keuze opslaan"},
		"pt": {"guardar", "salvar", "confirmar"},
		"pl": {"zapisz", "potwierdz", "zatwierdz"},
		"sv": {"spara", "bekrafta", "tillat urval"},
		"da": {"gem", "bekraeft", "tillad valgte"},
		"nb": {"lagre", "bekreft", "tillat valgte"},
		"fi": {"tallenna", "vahvista", "salli valinta"},
		"cs": {"ulozit", "potvrdit", "povolit vyber"},
		"ja": {"保存", "確定"},
		"zh": {"保存", "儲存", "确认", "確認"},
	}

	// closing puts away a box that nobody asked for. Words that also call off an
	// order or a registration are not among them.
	closing = phrases{
		"en": {"close", "dismiss", "no thanks", "no thank you", "not now", "maybe later", "later", "hide", "stay here", "continue shopping", "continue to site", "x"},
		"de": {"schliessen", "nein danke", "nicht jetzt", "spater", "vielleicht spater", "uberspringen", "ausblenden", "hier bleiben", "weiter einkaufen"},
		"fr": {"fermer", "non merci", "plus tard", "pas maintenant", "ignorer", "masquer", "rester ici", "continuer mes achats"},
		"es": {"cerrar", "no gracias", "ahora no", "mas tarde", "omitir", "ocultar", "seguir comprando"},
		"it": {"chiudi", "no grazie", "non ora", "piu tardi", "salta", "nascondi", "continua lo shopping"},
		"nl": {"sluiten", "sluit", "nee bedankt", "nee dank je", "niet nu", "later", "overslaan", "verbergen", "verder winkelen"},
		"pt": {"fechar", "nao obrigado", "nao obrigada", "agora nao", "mais tarde", "pular", "ocultar", "continuar comprando"},
		"pl": {"zamknij", "nie dziekuje", "nie teraz", "pozniej", "pomin"},
		"sv": {"stang", "nej tack", "inte nu", "senare", "hoppa over"},
		"da": {"luk", "nej tak", "ikke nu", "senere", "spring over"},
		"nb": {"lukk", "nei takk", "ikke na", "senere", "hopp over"},
		"fi": {"sulje", "ei kiitos", "ei nyt", "myohemmin", "ohita"},
		"cs": {"zavrit", "ne dekuji", "ted ne", "pozdeji", "preskocit"},
		"ja": {"閉じる", "後で", "いいえ", "スキップ"},
		"zh": {"关闭", "關閉", "稍后", "稍後", "跳过", "不用了"},
	}
)
