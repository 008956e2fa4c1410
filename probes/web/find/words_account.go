package find

// What the pages of an account are called.
const (
	AddressBook Concept = iota + lastConcept
	PasswordPage
	LogOut
	lastPrivate
)

// private are the words of these, in words of ours.
var private = map[Concept]tongues{
	AddressBook: {
		"en": "address|addresses|address book|my addresses|edit address|change address|delivery address|add address|add a new address|edit your address|account details|my details|edit", "de": "adresse|adressen|adressbuch|meine adressen|adresse andern|adresse bearbeiten|lieferadresse|adressen verwalten|anschrift|anschrift andern|bearbeiten",
		"fr": "adresse|adresses|mes adresses|carnet d adresses|modifier mon adresse|modifier l adresse|mon adresse|modifier", "es": "direccion|direcciones|mis direcciones|libreta de direcciones|editar direccion|cambiar direccion", "it": "indirizzo|indirizzi|i miei indirizzi|rubrica indirizzi|modifica indirizzo",
		"nl": "adres|adressen|mijn adressen|adresboek|adres wijzigen|adresgegevens", "pt": "morada|moradas|endereco|enderecos|meus enderecos|livro de enderecos|editar endereco", "pl": "adres|adresy|moje adresy|ksiazka adresowa|zmien adres|edytuj adres",
		"sv": "adress|adresser|adressbok|mina adresser|andra adress", "da": "adresse|adresser|adressebog|mine adresser|ret adresse", "nb": "adresse|adresser|adressebok|mine adresser|endre adresse", "fi": "osoite|osoitteet|osoitekirja|muuta osoitetta|omat osoitteet",
		"cs": "adresa|adresy|moje adresy|adresar|zmenit adresu|upravit adresu", "ja": "住所|アドレス帳|お届け先|住所変更|住所の変更|お届け先の変更", "zh": "地址|地址簿|收货地址|我的地址|修改地址|地址管理",
	},
	PasswordPage: {
		"en": "password|change password|change your password|change my password|new password|account details|login details|security|profile|personal information|your details", "de": "passwort|passwort andern|kennwort|kennwort andern|passwort bearbeiten|zugangsdaten|sicherheit|profil|personliche daten|mein profil",
		"fr": "mot de passe|changer mon mot de passe|modifier mon mot de passe|changer le mot de passe|modifier le mot de passe|securite|informations|mes informations personnelles|profil", "es": "contrasena|cambiar contrasena|cambiar mi contrasena|seguridad|perfil|datos personales", "it": "password|cambia password|modifica password|sicurezza|profilo|dati personali",
		"nl": "wachtwoord|wachtwoord wijzigen|beveiliging|profiel|mijn gegevens", "pt": "senha|palavra passe|alterar senha|alterar palavra passe|mudar senha|seguranca|perfil|dados pessoais", "pl": "haslo|zmien haslo|zmiana hasla|bezpieczenstwo|profil|dane osobowe",
		"sv": "losenord|byt losenord|andra losenord|sakerhet|profil|mina uppgifter", "da": "adgangskode|skift adgangskode|kodeord|skift kodeord|profil|mine oplysninger", "nb": "passord|endre passord|bytt passord|profil|mine opplysninger", "fi": "salasana|vaihda salasana|profiili|omat tiedot",
		"cs": "heslo|zmenit heslo|zmena hesla|profil|osobni udaje", "ja": "パスワード|パスワード変更|パスワードの変更|会員情報|会員情報の変更", "zh": "密码|修改密码|更改密码|变更密码|账户安全|个人资料",
	},
	LogOut: {
		"en": "log out|logout|sign out|log off|signout", "de": "abmelden|ausloggen|logout", "fr": "deconnexion|se deconnecter|me deconnecter", "es": "cerrar sesion|salir|desconectarse", "it": "esci|logout|disconnetti", "nl": "uitloggen|afmelden", "pt": "sair|terminar sessao|encerrar sessao",
		"pl": "wyloguj|wyloguj sie|wylogowanie", "sv": "logga ut", "da": "log ud|log af", "nb": "logg ut|logg av", "fi": "kirjaudu ulos", "cs": "odhlasit|odhlasit se|odhlaseni", "ja": "ログアウト", "zh": "退出登录|退出|登出|注销",
	},
}
