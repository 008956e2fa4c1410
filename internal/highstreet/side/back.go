package side

import (
	"net/http"
	"net/mail"
	"strings"
)

// A Back is who stands behind a shop: who reads what its contact form is sent,
// and who writes its newsletter. What is nil nobody does.
type Back struct {
	Write func(from mail.Address, subject, text string) // a question by the contact form
	Join  func(address string)                          // an address of the newsletter's form
	Pages http.Handler                                  // what the newsletter's mails lead to, below /list/
}

// Staff puts somebody behind the shop, which until then only counts what it is
// sent.
func (s *Shop) Staff(b Back) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.back = b
}

func (s *Shop) staff() Back {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.back
}

// written hands on a question by the contact form.
func (s *Shop) written(form map[string]string) {
	write := s.staff().Write
	if write == nil {
		return
	}
	var from mail.Address
	var names []string
	var subject, text string
	for _, f := range s.contact {
		switch v := strings.TrimSpace(form[f.Name]); {
		case f.Kind == "email":
			from.Address = v
		case f.Kind == "textarea":
			text = v
		case strings.HasSuffix(f.Auto, "name"):
			names = append(names, v)
		case f.Kind == "" || f.Kind == "text":
			subject = v
		}
	}
	from.Name = strings.TrimSpace(strings.Join(names, " "))
	write(from, subject, text)
}

// listPages serves what the newsletter's mails lead to.
func (s *Shop) listPages(w http.ResponseWriter, r *http.Request) {
	if pages := s.staff().Pages; pages != nil {
		pages.ServeHTTP(w, r)
		return
	}
	s.show(w, r, http.StatusNotFound, "missing", view{})
}
