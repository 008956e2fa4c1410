package side

// lavandiere sells soap in French, in the manner of the open shop software of
// that country, and minds its prices badly: the cart asks other prices than
// the pages do, an offer ended long ago, another is never given, and that
// something is gone is told in the cart alone.
func lavandiere() *spec {
	scent := func(labels ...string) choice { return pick("group[1]", "Parfum", labels...) }
	return &spec{
		id: "maison-lavandiere", name: "Maison Lavandière", lang: "fr-FR", zone: "Europe/Paris", manner: "French shop software, prices that differ, expired offers, out of stock told in the cart only",
		money: euros,
		words: words{required: "%s : ce champ est obligatoire.", address: "Format d'adresse e-mail invalide.", phone: "Format de téléphone invalide.", invalid: "Veuillez vérifier : %s.", same: "Les deux saisies diffèrent.", short: "Le mot de passe doit contenir au moins 8 caractères.",
			choose: "Veuillez choisir : %s.", quantity: "Indiquez un nombre de 1 à %d.", out: "Ce produit est en rupture de stock.", login: "Échec d'authentification", taken: "Cette adresse est déjà utilisée.", unknown: "Aucune commande trouvée."},
		featured: []string{"savon-marseille", "eau-linge", "coffret", "huile"},
		shelves:  []shelf{{"3-savons", "Savons", "Cuits au chaudron."}, {"6-linge", "Soin du linge", "Pour des draps qui sentent le vent."}, {"9-cadeaux", "Cadeaux", "À offrir, ou pas."}},
		goods: []product{
			{ID: "savon-marseille", Name: "Savon de Marseille 300 g", Shelf: "3-savons", Short: "72 % d'huile d'olive", About: "Cuit au chaudron pendant dix jours, coupé au fil.", Kind: "soap", Hue: "#8fa05a", Shade: "#64733a", Price: 690, Options: []choice{scent("Nature", "Lavande", "Verveine")}},
			{ID: "savon-noir", Name: "Savon noir 1 L", Shelf: "3-savons", Short: "Pour les sols et les mains", About: "Dilué, il nettoie tout.", Kind: "bottle", Hue: "#3a2e24", Shade: "#1d1611", Price: 890, InCart: 1090},
			{ID: "eau-linge", Name: "Eau de linge", Shelf: "6-linge", Short: "À vaporiser au repassage", About: "Lavande fine de Sault.", Kind: "bottle", Hue: "#9a86b8", Shade: "#6a5788", Price: 1250, Was: 1550, Until: "31 mars 2025", Options: []choice{scent("Lavande", "Linge blanc")}},
			{ID: "lessive", Name: "Lessive en copeaux", Shelf: "6-linge", Short: "1 kg, sans parfum", About: "Pour la laine et la peau des bébés.", Kind: "soap", Hue: "#e7dfc6", Shade: "#bdb28d", Price: 1190, Was: 1490, InCart: 1490, Until: "31 décembre 2026"},
			{ID: "coffret", Name: "Coffret Trois Savons", Shelf: "9-cadeaux", Short: "Dans une boîte en bois", About: "Trois savons de 100 g.", Kind: "soap", Hue: "#c78f5a", Shade: "#8c5c2f", Price: 1990, Stock: outInCart},
			{ID: "huile", Name: "Huile de douche", Shelf: "9-cadeaux", Short: "Amande douce", About: "Une huile qui devient lait.", Kind: "bottle", Hue: "#d8b45a", Shade: "#a07f2a", Price: 1490, Options: []choice{scent("Amande", "Figue")}},
			{ID: "brosse", Name: "Brosse en hêtre", Shelf: "9-cadeaux", Short: "Soies de sanglier", About: "Pour le dos.", Kind: "soap", Hue: "#b98a5a", Shade: "#7b5730", Price: 1690, Stock: out},
		},
		ways:  []way{{"1", "Colissimo", "48 à 72 heures", 590, 4500}, {"2", "Point relais", "3 à 5 jours", 390, 0}},
		begin: map[string]string{"delivery": "1", "id_country": "8"},
		pages: map[string]string{"/nous-contacter": "contact", "/nous-contacter/merci": "sent", "/content/1-livraison": "delivery", "/content/2-mentions-legales": "legal", "/content/3-conditions-generales-de-vente": "terms", "/content/4-retours": "returns", "/content/5-donnees-personnelles": "privacy", "/content/6-questions": "faq", "/suivi-commande-invite": "lookup", "/module/emailsubscription": "listed"},
		at: addresses{list: "/{id}", item: "/produit/{id}", search: "/recherche", term: "s", cart: "/panier", add: "/panier/ajouter", change: "/panier", product: "id_product", quantity: "qty", lineQuantity: "product-quantity-%s", checkout: "/commande", place: "/commande/valider", thanks: "/confirmation-commande",
			contact: "/nous-contacter", sent: "/nous-contacter/merci", news: "/module/emailsubscription", listed: "/module/emailsubscription", login: "/connexion", entry: "/inscription", account: "/mon-compte", address: "/adresse", password: "/identite", orders: "/historique-commandes", order: "/detail-commande/{number}", giveback: "/retour-produit/{number}", lookup: "/suivi-commande-invite", logout: "/deconnexion"},
		steps: []step{
			{path: "/commande/identite", fields: []field{f("id_gender|Titre?|radio|", options("1", "M.", "2", "Mme")...), f("firstname|Prénom||given-name"), f("lastname|Nom||family-name"), f("email|E-mail|email|email"), {Name: "optin", Label: "Recevoir les offres de nos partenaires", Kind: "checkbox", Optional: true, Ticked: true}, f("psgdpr|J'accepte les conditions générales et la politique de confidentialité|checkbox")}},
			{path: "/commande/adresse", fields: []field{f("address1|Adresse||address-line1"), f("address2|Complément d'adresse?||address-line2"), {Name: "postcode", Label: "Code postal", Auto: "postal-code", Only: like(`\d{4,5}`)}, f("city|Ville||address-level2"), f("id_country|Pays|select|country", options("8", "France", "3", "Belgique", "19", "Suisse")...), f("phone|Téléphone?|tel|tel")}},
			{path: "/commande/livraison", fields: []field{f("delivery|Mode de livraison|radio|", options("1", "", "2", "")...)}},
		},
		contact:  []field{f("id_contact|Sujet|select|", options("2", "Service client", "1", "Webmaster")...), f("from|Adresse e-mail|email|email"), f("message|Message|textarea")},
		register: []field{f("firstname|Prénom||given-name"), f("lastname|Nom||family-name"), f("email|E-mail|email|email"), f("password|Mot de passe|password|new-password"), f("birthday|Date de naissance?"), f("psgdpr|J'accepte les conditions générales|checkbox")},
		address:  []field{f("firstname|Prénom||given-name"), f("lastname|Nom||family-name"), f("address1|Adresse||address-line1"), f("postcode|Code postal||postal-code"), f("city|Ville||address-level2")},
		known:    Customer{"client@example.com", "mousse-blanche-13", "XKBKNABJK", "84390"},
		door:     Door{Guest: true, Account: true, First: "guest"},
		goals: func() []Goal {
			var t truths
			t.at("find-contact", 1, "/nous-contacter", "Message")
			t.at("find-phone", 1, "/nous-contacter", "0 890 00 01 42").note("a dear number, and it says so")
			t.at("find-help", 1, "/content/6-questions", "Le savon fond trop vite")
			t.at("answer-question", 1, "/content/1-livraison", "48 à 72 heures")
			t.at("find-returns-policy", 1, "/content/4-retours", "14 jours")
			t.at("find-delivery-cost", 1, "/content/1-livraison", "5,90")
			t.at("find-privacy-policy", 1, "/content/5-donnees-personnelles", "données personnelles")
			t.at("search-product", 1, "/recherche", "Résultats de la recherche")
			t.buy(purchase{open: 1, choose: 1, add: 2, cart: 3, begin: 4, pay: 7, item: "/produit/savon-marseille", bag: "/panier", inBag: "Total TTC", checkout: "/commande", atCheckout: "Commander en tant qu'invité", payment: "/commande", atPayment: "Payer par carte bancaire"}, 1)
			t.at("newsletter-sign-up", 1, "/module/emailsubscription", "Vous êtes presque inscrit")
			t.at("register", 3, "/mon-compte", "Votre compte")
			t.at("log-in", 2, "/mon-compte", "Votre compte")
			t.at("change-password", 4, "/mon-compte?said=password", "mises à jour")
			t.at("change-address", 4, "/mon-compte?said=address", "mises à jour")
			t.at("order-status", 2, "/suivi-commande-invite", "Préparation en cours").note("without an account; with one it takes three")
			t.at("start-return", 5, "", "Retour demandé").note("lines to tick, and a reason")
			t.at("submit-contact-form", 2, "/nous-contacter/merci", "a bien été envoyé")
			return t.rest()
		},
		answers: answers(
			"delivery-time", "/content/1-livraison", "Colissimo livre en 48 à 72 heures.",
			"delivery-cost", "/content/1-livraison", "La livraison coûte 5,90 € et devient gratuite dès 45 € d'achat.",
			"countries", "/content/1-livraison", "Nous livrons en France, en Belgique et en Suisse.",
			"returns-period", "/content/4-retours", "Vous disposez de 14 jours pour changer d'avis.",
			"return-postage", "/content/4-retours", "Les frais de retour sont à votre charge.",
			"payment-methods", "/content/6-questions", "Vous pouvez payer par carte bancaire, par chèque ou par virement.",
			"phone-hours", "/nous-contacter", "du lundi au vendredi de 9 h à 12 h",
			"gift-wrap", "/content/6-questions", "Le papier cadeau coûte 2 € par commande."),
		returns: Return{Reopened: true, Account: true},
		prices: []Price{
			{Product: "savon-marseille", List: "6,90 €", Page: "6,90 €", Cart: "6,90 €"},
			{Product: "savon-noir", List: "8,90 €", Page: "8,90 €", Cart: "10,90 €"},
			{Product: "eau-linge", List: "12,50 €", Page: "12,50 €", Cart: "12,50 €", Was: "15,50 €", Until: "31 mars 2025", Expired: true},
			{Product: "lessive", List: "11,90 €", Page: "11,90 €", Cart: "14,90 €", Was: "14,90 €", Until: "31 décembre 2026"},
			{Product: "coffret", List: "19,90 €", Page: "19,90 €", Cart: "19,90 €", OutInCart: true},
			{Product: "brosse", List: "16,90 €", Page: "16,90 €", Sign: true},
		},
	}
}
