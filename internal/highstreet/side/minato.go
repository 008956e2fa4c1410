package side

// minato sells pottery in Japanese, in the manner of the free shop software of
// that country: no accounts needed but asked for first, names in two scripts,
// prefectures, and the page that the law on distance selling wants.
func minato() *spec {
	prefectures := options("", "都道府県を選択", "1", "北海道", "13", "東京都", "14", "神奈川県", "23", "愛知県", "26", "京都府", "27", "大阪府", "40", "福岡県", "47", "沖縄県")
	kana := like(`[ァ-ヶー]+`)
	glaze := func(labels ...string) choice {
		c := choice{Field: "classcategory_id1", Label: "釉薬"}
		for i, l := range labels {
			c.Values = append(c.Values, value{ID: string(rune('1' + i)), Label: l})
		}
		return c
	}
	person := []field{
		f("nonmember[name][name01]|姓"), f("nonmember[name][name02]|名"), {Name: "nonmember[kana][kana01]", Label: "セイ", Only: kana}, {Name: "nonmember[kana][kana02]", Label: "メイ", Only: kana},
		{Name: "nonmember[postal_code]", Label: "郵便番号", Auto: "postal-code", Hint: "例：2310001", Only: like(`\d{3}-?\d{4}`)}, f("nonmember[address][pref]|都道府県|select|", prefectures...), f("nonmember[address][addr01]|市区町村名"), f("nonmember[address][addr02]|番地・ビル名"),
		{Name: "nonmember[phone_number]", Label: "電話番号", Kind: "tel", Only: like(`[0-9-]{10,13}`)}, f("nonmember[email][first]|メールアドレス|email"), {Name: "nonmember[email][second]", Label: "メールアドレス（確認）", Same: "nonmember[email][first]"},
	}
	return &spec{
		id: "minato-toki", name: "みなと陶器", lang: "ja", zone: "Asia/Tokyo", manner: "Japanese shop software, names in two scripts, prefectures, law page",
		money: yen,
		words: words{required: "%sを入力してください。", address: "有効なメールアドレスではありません。", phone: "有効な電話番号ではありません。", invalid: "%sを正しく入力してください。", same: "メールアドレスが一致しません。", short: "パスワードは8文字以上で入力してください。",
			choose: "%sを選択してください。", quantity: "1から%dまでの数字を入力してください。", out: "ただいま品切れ中です。", login: "ログインできませんでした。", taken: "このメールアドレスは利用できません。", unknown: "ご注文が見つかりません。"},
		featured: []string{"chawan", "yunomi", "kobachi", "kyusu"},
		shelves:  []shelf{{"1", "飯碗・湯呑", "毎日の手になじむ器。"}, {"2", "鉢・皿", "盛りつけたくなる器。"}, {"3", "急須・花器", "季節を楽しむ器。"}},
		goods: []product{
			{ID: "chawan", Name: "刷毛目の飯碗", Shelf: "1", Short: "軽くて、持ちやすい", About: "白い化粧土を刷毛で一息に。口当たりのよい薄手の飯碗です。", Kind: "bowl", Hue: "#d9d2c3", Shade: "#8a7f6c", Price: 2860, Options: []choice{glaze("白", "鉄", "青磁")}},
			{ID: "yunomi", Name: "しのぎ湯呑", Shelf: "1", Short: "指にかかる、しのぎ", About: "熱いお茶でも持ちやすいよう、深めにしのぎを入れました。", Kind: "cup", Hue: "#7f9a94", Shade: "#4e6560", Price: 2420, Options: []choice{glaze("青磁", "黒")}},
			{ID: "kobachi", Name: "三島手の小鉢", Shelf: "2", Short: "おひたしに", About: "印花を一つずつ押した小鉢。", Kind: "bowl", Hue: "#b9a58a", Shade: "#6f5d45", Price: 1980},
			{ID: "sara", Name: "長皿 波", Shelf: "2", Short: "焼き魚に", About: "波の線を彫った長皿です。", Kind: "plate", Hue: "#6d86a0", Shade: "#3f566d", Price: 3740, Stock: few},
			{ID: "oobachi", Name: "粉引の大鉢", Shelf: "2", Short: "食卓の真ん中に", About: "直径28センチ。次の窯は春です。", Kind: "bowl", Hue: "#ece7dc", Shade: "#a59d8b", Price: 9900, Stock: out},
			{ID: "kyusu", Name: "常滑の急須", Shelf: "3", Short: "水切れのよい朱泥", About: "茶こしまで土で作りました。二人分。", Kind: "cup", Hue: "#a5512f", Shade: "#6f3019", Price: 7150, Options: []choice{glaze("朱泥", "黒泥")}},
			{ID: "kaki", Name: "一輪挿し", Shelf: "3", Short: "野の花を一本", About: "細い首の花器です。", Kind: "cup", Hue: "#5b5750", Shade: "#34312c", Price: 3300},
		},
		ways:  []way{{"1", "ヤマト運輸", "ご注文から3〜5日", 880, 11000}},
		begin: map[string]string{"delivery": "1"},
		pages: map[string]string{"/help/tradelaw": "law", "/help/privacy": "privacy", "/help/guide": "guide", "/help/about": "about", "/help/agreement": "agreement", "/contact": "contact", "/contact/complete": "sent", "/shopping/login": "door", "/shopping/confirm": "confirm"},
		at: addresses{list: "/products/list/{id}", item: "/products/detail/{id}", search: "/products/list", term: "name", cart: "/cart", add: "/products/add_cart", change: "/cart", added: "/products/detail/{id}?added=1", product: "product_id", quantity: "quantity", lineQuantity: "quantity[%s]",
			pay: "/shopping", place: "/shopping/checkout", thanks: "/shopping/complete", contact: "/contact", sent: "/contact/complete",
			login: "/mypage/login", entry: "/entry", account: "/mypage", orders: "/mypage", order: "/mypage/history/{number}", address: "/mypage/change", logout: "/logout"},
		steps:    []step{{path: "/shopping/nonmember", page: "nonmember", fields: person}},
		contact:  []field{f("contact[name][name01]|姓"), f("contact[name][name02]|名"), f("contact[email]|メールアドレス|email"), f("contact[phone_number]|電話番号?|tel"), f("contact[contents]|お問い合わせ内容|textarea")},
		register: []field{f("entry[name][name01]|姓"), f("entry[name][name02]|名"), f("email|メールアドレス|email|email"), f("password|パスワード|password|new-password"), {Name: "again", Label: "パスワード（確認）", Kind: "password", Same: "password"}, f("entry[user_policy_check]|利用規約に同意してお進みください|checkbox")},
		address:  []field{f("entry[name][name01]|姓"), f("entry[name][name02]|名"), f("entry[postal_code]|郵便番号"), f("entry[address][addr01]|市区町村名"), f("entry[address][addr02]|番地・ビル名")},
		known:    Customer{"okyaku@example.com", "utsuwa-2026", "508", "2310001"},
		door:     Door{Guest: true, Account: true, First: "account"},
		goals: func() []Goal {
			var t truths
			t.at("find-contact", 1, "/contact", "お問い合わせ内容").or("/help/tradelaw")
			t.at("find-phone", 1, "/help/tradelaw", "045-000-0140")
			t.at("find-help", 1, "/help/guide", "お支払い方法について")
			t.at("answer-question", 1, "/help/guide", "お支払い方法について")
			t.at("find-returns-policy", 1, "/help/tradelaw", "8日以内")
			t.at("find-delivery-cost", 1, "/help/guide", "全国一律880円")
			t.at("find-privacy-policy", 1, "/help/privacy", "個人情報の利用目的")
			t.at("search-product", 1, "/products/list", "件")
			t.buy(purchase{open: 1, choose: 1, add: 2, cart: 3, begin: 4, pay: 6, item: "/products/detail/chawan", bag: "/cart", inBag: "ショッピングカート", checkout: "/shopping/login", atCheckout: "ゲスト購入", payment: "/shopping", atPayment: "お支払方法"}, 2)
			t.at("register", 2, "/mypage", "ご注文履歴")
			t.at("log-in", 2, "/mypage", "ご注文履歴")
			t.at("change-address", 4, "/mypage?said=address", "変更しました")
			t.at("order-status", 2, "/mypage", "発送準備中").note("with an account only")
			t.at("submit-contact-form", 2, "/contact/complete", "送信が完了しました")
			return t.rest()
		},
		answers: answers(
			"delivery-time", "/help/guide", "ご注文から3〜5日でお届けします。",
			"delivery-cost", "/help/guide", "送料は全国一律880円、11,000円以上のお買い上げで無料です。",
			"countries", "/help/guide", "海外への発送は行っておりません。",
			"returns-period", "/help/tradelaw", "商品到着後8日以内にご連絡ください。",
			"return-postage", "/help/tradelaw", "不良品の場合は当店が、お客様のご都合による場合はお客様が返送料を負担いたします。",
			"payment-methods", "/help/guide", "クレジットカード、銀行振込、代金引換がご利用いただけます。",
			"phone-hours", "/help/tradelaw", "受付時間は平日10時から17時までです。",
			"gift-wrap", "/help/guide", "ギフト包装は一点330円で承ります。"),
		prices: []Price{{Product: "oobachi", List: "¥9,900", Page: "¥9,900", Sign: true}, {Product: "kobachi", List: "¥1,980", Page: "¥1,980", Cart: "¥1,980"}},
	}
}
