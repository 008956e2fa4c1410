package mail

import (
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// Folders have a use (RFC 6154) and, on servers that don't tell it, a usual
// name. Providers call them what they like, in the language of the account.
var (
	junkNames = []string{
		"junk", "spam", "junk e-mail", "junk email", "junk mail", "bulk mail", "bulk", "junk-e-mail", "spamverdacht", "unerwünscht", "werbung und spam",
		"courrier indésirable", "indésirables", "pourriel", "correo no deseado", "posta indesiderata", "ongewenste e-mail", "lixo eletrônico", "wiadomości-śmieci",
	}
	sentNames = []string{
		"sent", "sent items", "sent messages", "sent mail", "sent-mail", "gesendet", "gesendete elemente", "gesendete objekte", "gesendete nachrichten",
		"envoyés", "éléments envoyés", "messages envoyés", "enviados", "elementos enviados", "inviata", "posta inviata", "verzonden items", "verzonden", "wysłane",
	}
)

// folder finds the folder with a use: by the server's word, else by the given
// name, else by a usual name; "" where there is none.
func (m *mailbox) folder(use imap.MailboxAttr, given string, usual []string) (string, error) {
	var options *imap.ListOptions
	if caps := m.Caps(); caps.Has(imap.CapSpecialUse) && (caps.Has(imap.CapListExtended) || caps.Has(imap.CapIMAP4rev2)) {
		options = &imap.ListOptions{ReturnSpecialUse: true}
	}
	var all []*imap.ListData
	err := m.guard(m.waits.command, func() (err error) { all, err = m.List("", "*", options).Collect(); return err })
	if err != nil {
		return "", m.server.fault(Unreachable, "list the folders", err, "try again later")
	}
	return folderOf(all, use, given, usual), nil
}

func folderOf(all []*imap.ListData, use imap.MailboxAttr, given string, usual []string) string {
	all = slices.DeleteFunc(slices.Clone(all), func(f *imap.ListData) bool {
		return slices.Contains(f.Attrs, imap.MailboxAttrNoSelect) || slices.Contains(f.Attrs, imap.MailboxAttrNonExistent)
	})
	for _, is := range []func(f *imap.ListData) bool{
		func(f *imap.ListData) bool { return slices.Contains(f.Attrs, use) },
		func(f *imap.ListData) bool { return f.Mailbox == given },
		func(f *imap.ListData) bool {
			name := f.Mailbox
			if f.Delim != 0 {
				parts := strings.Split(name, string(f.Delim))
				// at the top, or below what stands for the top: an own folder "Offers/Spam" is none
				if len(parts) > 2 || len(parts) == 2 && !strings.EqualFold(parts[0], "INBOX") && !strings.HasPrefix(parts[0], "[") {
					return false
				}
				name = parts[len(parts)-1]
			}
			return slices.Contains(usual, strings.ToLower(name))
		},
	} {
		if i := slices.IndexFunc(all, is); i >= 0 {
			return all[i].Mailbox
		}
	}
	return ""
}
