package web

// The words of the payment guard, in every shipped language. They are written
// as shops write them; spelled folds both sides.

// finalPhrases order or pay wherever they stand on a control, in a button or a
// link. They are compared as spelled folds them; those of Japanese and Chinese
// may stand within a longer word.
var finalPhrases = map[string][]string{
	"en": {"place order", "place my order", "place your order", "place the order", "submit order", "submit my order", "submit your order", "complete order", "complete my order", "complete your order",
		"complete purchase", "complete my purchase", "complete your purchase", "complete payment", "confirm order", "confirm my order", "confirm your order", "confirm purchase", "confirm payment", "confirm and pay",
		"finish order", "finalise order", "finalize order", "finalise purchase", "finalize purchase", "order and pay", "buy now", "buy it now", "pay now", "pay securely", "pay and order", "and pay",
		"make payment", "submit payment", "send payment", "authorise payment", "authorize payment", "order with obligation to pay", "purchase now", "pay with card now", "buy and pay", "order now and pay"},
	"de": {"jetzt kaufen", "zahlungspflichtig", "kostenpflichtig", "jetzt bestellen", "jetzt bezahlen", "jetzt zahlen", "kauf abschliessen", "bestellung abschliessen", "bestellung aufgeben", "bestellung absenden",
		"bestellung abschicken", "bestellung bestatigen", "kaufen und bezahlen", "verbindlich bestellen", "verbindlich kaufen", "sofort kaufen", "zahlung abschliessen", "zahlung bestatigen", "zahlung freigeben"},
	"fr": {"passer la commande", "passer commande et payer", "valider la commande", "valider ma commande", "confirmer la commande", "confirmer ma commande", "finaliser la commande", "finaliser ma commande", "finaliser l achat",
		"commander et payer", "commande avec obligation de paiement", "obligation de paiement", "payer maintenant", "acheter maintenant", "confirmer et payer", "valider et payer", "valider le paiement", "confirmer le paiement", "proceder au paiement de", "regler ma commande"},
	"es": {"realizar pedido", "realizar el pedido", "hacer pedido", "confirmar pedido", "confirmar el pedido", "finalizar pedido", "finalizar compra y pagar", "confirmar compra", "confirmar la compra", "completar compra", "completar pedido",
		"pagar ahora", "comprar ahora", "comprar ya", "pedido con obligacion de pago", "obligacion de pago", "confirmar y pagar", "realizar pago", "realizar el pago", "confirmar pago", "confirmar el pago"},
	"it": {"effettua ordine", "effettua l ordine", "invia ordine", "invia l ordine", "conferma ordine", "conferma l ordine", "completa ordine", "completa l ordine", "completa l acquisto", "concludi ordine", "concludi l ordine", "conferma acquisto", "conferma l acquisto",
		"ordine con obbligo di pagamento", "obbligo di pagamento", "paga ora", "paga adesso", "acquista ora", "compra ora", "compra subito", "acquista subito", "conferma e paga", "conferma pagamento", "conferma il pagamento", "esegui pagamento"},
	"nl": {"bestelling plaatsen", "plaats bestelling", "plaats je bestelling", "plaats uw bestelling", "bestelling afronden", "bestelling bevestigen", "bestelling met betalingsverplichting", "betalingsverplichting", "nu betalen", "nu kopen", "direct kopen",
		"koop nu", "betaal nu", "bestel nu", "bevestigen en betalen", "bestellen en betalen", "betaling bevestigen", "aankoop afronden"},
	"pt": {"fazer pedido", "fazer o pedido", "confirmar pedido", "confirmar encomenda", "confirmar a encomenda", "finalizar encomenda", "finalizar pedido", "concluir encomenda", "concluir pedido", "concluir compra", "confirmar compra", "encomenda com obrigacao de pagamento",
		"obrigacao de pagamento", "pagar agora", "comprar agora", "comprar ja", "confirmar e pagar", "efetuar pagamento", "efetuar o pagamento", "confirmar pagamento"},
	"pl": {"Złóż zamówienie", "Zamawiam i płacę", "Zamawiam z obowiązkiem zapłaty", "obowiązkiem zapłaty", "Kupuję i płacę", "Kup teraz", "Kupuję teraz", "Zapłać teraz", "Potwierdź zamówienie", "Potwierdzam zamówienie", "Potwierdzam zakup", "Potwierdź zakup", "Potwierdź i zapłać", "Zamów i zapłać", "Finalizuj zamówienie", "Wyślij zamówienie", "Potwierdź płatność", "Dokonaj płatności"},
	"sv": {"Slutför köp", "Slutför köpet", "Genomför köp", "Genomför köpet", "Bekräfta köp", "Bekräfta köpet", "Lägg beställning", "Lägg order", "Skicka beställning", "Skicka order", "Bekräfta beställning", "Bekräfta order", "Slutför beställning", "Slutför order", "betalningsskyldighet", "Köp nu", "Betala nu", "Beställ nu", "Bekräfta och betala", "Bekräfta betalning", "Slutför betalning", "Köp och betala"},
	"da": {"Gennemfør køb", "Gennemfør købet", "Gennemfør ordre", "Gennemfør bestilling", "Gennemfør betaling", "Afgiv ordre", "Afgiv bestilling", "Bekræft køb", "Bekræft ordre", "Bekræft bestilling", "Bekræft betaling", "Bekræft og betal", "Godkend ordre", "Godkend køb", "Godkend betaling", "Send ordre", "Send bestilling", "Køb nu", "Betal nu", "Bestil nu", "betalingspligt"},
	"nb": {"Fullfør kjøp", "Fullfør kjøpet", "Fullfør bestilling", "Fullfør bestillingen", "Fullfør ordre", "Fullfør betaling", "Bekreft kjøp", "Bekreft bestilling", "Bekreft ordre", "Bekreft betaling", "Bekreft og betal", "Legg inn bestilling", "Send bestilling", "Send ordre", "Gjennomfør kjøp", "Gjennomfør betaling", "Gjennomfør bestilling", "Kjøp nå", "Betal nå", "Bestill nå", "betalingsforpliktelse", "betalingsplikt"},
	"fi": {"Tee tilaus", "Tilaa nyt", "Tilaa ja maksa", "Vahvista tilaus", "Vahvista ja maksa", "Vahvista maksu", "Vahvista osto", "Hyväksy tilaus", "Lähetä tilaus", "Viimeistele tilaus", "Suorita maksu", "Maksa nyt", "Osta nyt", "maksuvelvollisuus"},
	"cs": {"Objednat s povinností platby", "povinností platby", "zavazující k platbě", "Odeslat objednávku", "Dokončit objednávku", "Potvrdit objednávku", "Závazně objednat", "Objednat a zaplatit", "Koupit nyní", "Koupit teď", "Zaplatit nyní", "Potvrdit a zaplatit", "Potvrdit platbu", "Provést platbu", "Dokončit nákup"},
	"ja": {"注文を確定", "注文確定", "購入を確定", "購入確定", "注文を完了", "購入を完了", "注文を送信", "今すぐ購入", "今すぐ買う", "今すぐ注文", "今すぐ支払", "支払いを確定", "支払を確定", "支払いを完了", "支払いを実行", "決済を確定", "決済を実行"},
	"zh": {"提交订单", "提交訂單", "送出订单", "送出訂單", "立即购买", "立即購買", "立即支付", "立即付款", "立即下单", "立即下單", "确认付款", "確認付款", "确认支付", "確認支付", "确认并付款", "確認並付款", "确认下单", "確認下單", "完成订单", "完成訂單", "完成购买", "完成購買", "马上付款", "馬上付款"},
}

// payWords pay when they are all that stands on a button, an amount aside:
// "Pay £49.00".
var payWords = map[string][]string{
	"en": {"pay", "pay with card", "pay by card", "pay with paypal", "pay with klarna", "buy with paypal", "buy with shop pay", "paypal", "paypal checkout", "checkout with paypal", "google pay", "buy with google pay", "apple pay", "buy with apple pay", "shop pay", "amazon pay", "donate"},
	"de": {"bezahlen", "zahlen", "mit paypal bezahlen", "mit paypal zahlen", "direkt zu paypal", "mit karte bezahlen", "kaufen mit paypal"},
	"fr": {"payer", "payer par carte", "payer avec paypal", "regler"},
	"es": {"pagar", "pagar con tarjeta", "pagar con paypal"},
	"it": {"paga", "pagare", "paga con carta", "paga con paypal"},
	"nl": {"betalen", "betaal", "betalen met paypal", "betalen met ideal", "afrekenen en betalen"},
	"pt": {"pagar", "pagar com cartao", "pagar com paypal"},
	"pl": {"Zapłać", "Płacę", "Zapłać kartą", "Zapłać przez PayPal"},
	"sv": {"Betala", "Betala med kort", "Betala med Swish", "Betala med Klarna", "Betala med PayPal"},
	"da": {"Betal", "Betal med kort", "Betal med MobilePay", "Betal med PayPal"},
	"nb": {"Betal", "Betal med kort", "Betal med Vipps", "Betal med PayPal"},
	"fi": {"Maksa", "Maksa kortilla", "Maksa MobilePaylla"},
	"cs": {"Zaplatit", "Platit", "Zaplatit kartou"},
	"ja": {"支払う", "支払い", "支払いをする", "支払いする", "決済する", "PayPalで支払う"},
	"zh": {"支付", "付款", "支付宝", "微信支付"},
}

// orderWords order on the page where a checkout ends, and put something into
// the basket, or lead to the checkout, on the pages before: "Commander" is
// both. They are refused as a button's whole name on a page that calls itself
// checkout or payment.
var orderWords = map[string][]string{
	"en": {"order", "order now", "buy", "purchase"},
	"de": {"kaufen", "bestellen"},
	"fr": {"commander", "acheter"},
	"es": {"comprar", "pedir", "finalizar compra", "finalizar la compra"},
	"it": {"acquista", "compra", "ordina"},
	"nl": {"kopen", "bestellen"},
	"pt": {"comprar", "encomendar", "finalizar compra"},
	"pl": {"Kup", "Kupuję", "Zamów", "Zamawiam"},
	"sv": {"Köp", "Beställ"},
	"da": {"Køb", "Bestil"},
	"nb": {"Kjøp", "Bestill"},
	"fi": {"Tilaa", "Osta"},
	"cs": {"Objednat", "Koupit"},
	"ja": {"注文する", "注文", "ご注文", "購入する", "購入", "買う"},
	"zh": {"购买", "購買", "下单", "下單", "订购", "訂購"},
}

// closingWords end whatever stands on the page. They are refused as a button's
// whole name where the page calls itself payment or review: before that, they
// send an address.
var closingWords = map[string][]string{
	"en": {"confirm", "submit", "complete", "finish", "send"},
	"de": {"bestatigen", "abschliessen", "absenden", "abschicken"},
	"fr": {"confirmer", "valider", "terminer"},
	"es": {"confirmar", "finalizar", "terminar"},
	"it": {"conferma", "concludi", "invia"},
	"nl": {"bevestigen", "afronden", "voltooien"},
	"pt": {"confirmar", "finalizar", "concluir"},
	"pl": {"Potwierdź", "Zatwierdź", "Wyślij", "Zakończ"},
	"sv": {"Bekräfta", "Slutför", "Skicka"},
	"da": {"Bekræft", "Godkend", "Gennemfør", "Send"},
	"nb": {"Bekreft", "Fullfør", "Send"},
	"fi": {"Vahvista", "Lähetä", "Valmis"},
	"cs": {"Potvrdit", "Odeslat", "Dokončit"},
	"ja": {"確定", "確定する", "送信", "送信する", "完了", "完了する"},
	"zh": {"确认", "確認", "提交", "完成", "送出"},
}
