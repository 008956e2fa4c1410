package web

import (
	"cmp"

	"golang.org/x/text/language"

	"touchstone/probes"
	"touchstone/probes/web/driver"
)

// identityOf gives how a persona's browser presents itself. The task's device
// wins over the persona's; language and time zone are those that a browser
// bought in the persona's country would have, where the persona does not say.
func identityOf(who probes.Persona, device string) driver.Identity {
	id := driver.Identity{
		Mobile: cmp.Or(device, who.Device) == "mobile", Language: who.Language,
		TimeZone: cmp.Or(who.Timezone, zones[who.Country]),
	}
	tag, err := language.Parse(who.Language)
	if err != nil || who.Country == "" {
		return id
	}
	base, script, region := tag.Raw()
	if region == (language.Region{}) && script == (language.Script{}) {
		id.Language = base.String() + "-" + who.Country
	}
	return id
}

// zones are the time zones of capitals (IANA time zone database, zone1970.tab),
// for countries of one zone and, of those with several, for where most people
// live who are nearest to the capital.
var zones = map[string]string{
	"AE": "Asia/Dubai", "AR": "America/Argentina/Buenos_Aires", "AT": "Europe/Vienna", "AU": "Australia/Sydney", "BE": "Europe/Brussels",
	"BG": "Europe/Sofia", "BR": "America/Sao_Paulo", "CA": "America/Toronto", "CH": "Europe/Zurich", "CL": "America/Santiago", "CN": "Asia/Shanghai",
	"CO": "America/Bogota", "CY": "Asia/Nicosia", "CZ": "Europe/Prague", "DE": "Europe/Berlin", "DK": "Europe/Copenhagen", "EE": "Europe/Tallinn",
	"EG": "Africa/Cairo", "ES": "Europe/Madrid", "FI": "Europe/Helsinki", "FR": "Europe/Paris", "GB": "Europe/London", "GR": "Europe/Athens",
	"HK": "Asia/Hong_Kong", "HR": "Europe/Zagreb", "HU": "Europe/Budapest", "ID": "Asia/Jakarta", "IE": "Europe/Dublin", "IL": "Asia/Jerusalem",
	"IN": "Asia/Kolkata", "IS": "Atlantic/Reykjavik", "IT": "Europe/Rome", "JP": "Asia/Tokyo", "KE": "Africa/Nairobi", "KR": "Asia/Seoul",
	"LT": "Europe/Vilnius", "LU": "Europe/Luxembourg", "LV": "Europe/Riga", "MA": "Africa/Casablanca", "MT": "Europe/Malta", "MX": "America/Mexico_City",
	"MY": "Asia/Kuala_Lumpur", "NG": "Africa/Lagos", "NL": "Europe/Amsterdam", "NO": "Europe/Oslo", "NZ": "Pacific/Auckland", "PE": "America/Lima",
	"PH": "Asia/Manila", "PL": "Europe/Warsaw", "PT": "Europe/Lisbon", "RO": "Europe/Bucharest", "RS": "Europe/Belgrade", "SE": "Europe/Stockholm",
	"SG": "Asia/Singapore", "SI": "Europe/Ljubljana", "SK": "Europe/Bratislava", "TH": "Asia/Bangkok", "TR": "Europe/Istanbul", "TW": "Asia/Taipei",
	"UA": "Europe/Kyiv", "US": "America/New_York", "VN": "Asia/Ho_Chi_Minh", "ZA": "Africa/Johannesburg",
}
