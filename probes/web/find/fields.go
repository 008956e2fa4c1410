package find

// A Purpose is what a form field is for.
type Purpose string

// The purposes that Classify knows. What a person's data answers comes first,
// then what belongs to an order or a letter, then boxes and choices.
const (
	Unknown Purpose = "" // nothing is claimed

	ForPrefix     Purpose = "prefix" // Mr, Frau, Mme
	ForGiven      Purpose = "given-name"
	ForAdditional Purpose = "additional-name" // middle names, a Dutch "van der"
	ForFamily     Purpose = "family-name"
	ForFullName   Purpose = "full-name"
	ForSuffix     Purpose = "name-suffix"
	ForNameSound  Purpose = "name-sound" // a Japanese name's kana
	ForNickname   Purpose = "nickname"
	ForCompany    Purpose = "company"
	ForDepartment Purpose = "department" // or the position held there

	ForStreet        Purpose = "street" // the first line of the address; with the house number where no field of its own follows
	ForHouseNumber   Purpose = "house-number"
	ForHouseExtra    Purpose = "house-number-extra"
	ForStreet2       Purpose = "street-2" // flat, floor, c/o
	ForStreet3       Purpose = "street-3"
	ForPostcode      Purpose = "postcode"
	ForCity          Purpose = "city"
	ForState         Purpose = "state" // province, prefecture, county
	ForCountry       Purpose = "country"
	ForAddressSearch Purpose = "address-search" // brings a list of addresses to choose from

	ForPhone        Purpose = "phone"
	ForPhoneCountry Purpose = "phone-country" // +49
	ForPhoneArea    Purpose = "phone-area"
	ForPhoneLocal   Purpose = "phone-local" // what follows the area
	ForPhoneExtra   Purpose = "phone-extension"
	ForFax          Purpose = "fax"
	ForEmail        Purpose = "email"
	ForEmailAgain   Purpose = "email-again"

	ForUsername        Purpose = "username" // who logs in: a name, or the e-mail address taken for one
	ForPassword        Purpose = "password" // new or current, nothing says which
	ForCurrentPassword Purpose = "current-password"
	ForNewPassword     Purpose = "new-password"
	ForPasswordAgain   Purpose = "password-again"
	ForOneTime         Purpose = "one-time-code"

	ForCardNumber Purpose = "card-number"
	ForCardExpiry Purpose = "card-expiry" // month and year in one
	ForCardMonth  Purpose = "card-month"
	ForCardYear   Purpose = "card-year"
	ForCardCode   Purpose = "card-code" // CVC
	ForCardHolder Purpose = "card-holder"
	ForCardGiven  Purpose = "card-given-name"
	ForCardFamily Purpose = "card-family-name"
	ForCardType   Purpose = "card-type"
	ForIBAN       Purpose = "iban"
	ForBIC        Purpose = "bic"
	ForCoupon     Purpose = "coupon" // or gift card

	ForBirthDate  Purpose = "birth-date"
	ForBirthDay   Purpose = "birth-day"
	ForBirthMonth Purpose = "birth-month"
	ForBirthYear  Purpose = "birth-year"
	ForGender     Purpose = "gender"
	ForTaxID      Purpose = "tax-id"
	ForNationalID Purpose = "national-id"

	ForMessage     Purpose = "message"
	ForSubject     Purpose = "subject"
	ForOrderNumber Purpose = "order-number"
	ForCustomer    Purpose = "customer-number" // or a membership's
	ForQuantity    Purpose = "quantity"
	ForSearch      Purpose = "search"
	ForNote        Purpose = "delivery-note"
	ForDate        Purpose = "date"
	ForAmount      Purpose = "amount"
	ForWebsite     Purpose = "website"
	ForCaptcha     Purpose = "captcha"
	ForAnswer      Purpose = "security-answer"

	ForConsent       Purpose = "consent" // terms, privacy
	ForNewsletter    Purpose = "newsletter"
	ForRemember      Purpose = "remember"      // stay logged in, save my data
	ForSameAddress   Purpose = "same-address"  // billing as shipping
	ForOtherAddress  Purpose = "other-address" // the opposite
	ForCreateAccount Purpose = "create-account"
	ForGift          Purpose = "gift"
	ForDelivery      Purpose = "delivery-method"
	ForPayment       Purpose = "payment-method"
	ForAccountKind   Purpose = "account-kind" // private or business

	// Parts of a date until it is known of which.
	forDay   Purpose = "day"
	forMonth Purpose = "month"
	forYear  Purpose = "year"
)

// A Field is what a page shows of one field of a form: all that can be learnt
// without touching it. Its values are plain text; what somebody typed is not
// in it.
type Field struct {
	Ref          int      `json:"ref"`   // the page's number for it
	Press        int      `json:"press"` // the number of what is pressed for it: its label, where the field itself is not seen
	Tag          string   `json:"tag"`   // input, select, textarea, or that of an element with a field's role
	Type         string   `json:"type"`  // of an input; else the role
	Role         string   `json:"role"`  // as given by the page
	Name         string   `json:"name"`
	ID           string   `json:"id"`
	Autocomplete string   `json:"autocomplete"`
	InputMode    string   `json:"inputMode"`
	Label        string   `json:"label"` // label element, aria-labelledby or aria-label
	Placeholder  string   `json:"placeholder"`
	Title        string   `json:"title"`
	Near         string   `json:"near"`    // the words next to it, where it has no label of words
	Hint         string   `json:"hint"`    // what describes it
	Section      string   `json:"section"` // the legend or heading under which it stands
	Form         *Around  `json:"form"`    // the form that it stands in; nil: nothing is known of it
	Value        string   `json:"value"`   // of a radio button or tick box: what it stands for
	Pattern      string   `json:"pattern"`
	MaxLength    int      `json:"maxLength"` // characters; 0: no limit
	Min          string   `json:"min"`
	Max          string   `json:"max"`
	Required     bool     `json:"required"` // by mark-up, or by the star of its label
	Hidden       string   `json:"hidden"`   // why nobody sees it; empty: it is seen
	Disabled     bool     `json:"disabled"`
	ReadOnly     bool     `json:"readOnly"`
	Filled       bool     `json:"filled"` // it holds something, or is ticked, or an entry was chosen
	Shows        string   `json:"shows"`  // what a list that a script draws says: its entry, or what to do
	Focused      bool     `json:"focused"`
	List         bool     `json:"list"`      // typing brings a list to choose from
	Invalid      bool     `json:"invalid"`   // the page says that something is wrong with it
	Complaint    string   `json:"complaint"` // and what
	Fault        string   `json:"fault"`     // what the browser's own check says
	Options      []Option `json:"options"`   // of a list
	Box          [4]int   `json:"box"`       // x, y, width, height in the page, CSS pixels
}

// Around is what a form says of itself.
type Around struct {
	Called  string   `json:"called"` // its id, name, class, label and the path that it is sent to
	Heading string   `json:"heading"`
	Buttons []string `json:"buttons"` // those that send it first
	Links   []string `json:"links"`
}

// An Option is an entry of a list.
type Option struct {
	Value    string `json:"value"`
	Label    string `json:"label"`
	Disabled bool   `json:"disabled"`
	Chosen   bool   `json:"chosen"`
}
