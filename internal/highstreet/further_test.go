package highstreet

import "testing"

// A mail in a thread is about what was written last, whatever its subject and
// its quotation speak of.
func TestFurtherTopics(t *testing.T) {
	quoted := "\n\nOn 2 Nov 2026 at 15:04, Owen wrote:\n> you have 60 days to return it, and the return is free"
	for text, want := range map[string]string{
		"Thank you, that helps. One more thing: could I also swap it for something else, instead of the money?":     exchange,
		"Thanks for the quick word. And if I would rather swap it for another one: is that possible?":               exchange,
		"Danke, das hilft mir. Noch eine Frage: Könnte ich es auch gegen etwas anderes tauschen, statt des Geldes?": exchange,
		"Vielen Dank. Und wenn ich es lieber gegen ein anderes tauschen möchte: Ginge das?":                         exchange,
		"Thank you. Do you take PayPal?": paymentOptions,
	} {
		q := enquiry{subject: "Re: How do returns work?", text: text + quoted, answers: true}
		if got := q.topic(); got != want {
			t.Errorf("%q is about %s, want %s", text, got, want)
		}
		if q.answers = false; q.topic() == exchange {
			t.Errorf("%q is taken for a mail of a thread", text)
		}
	}
	for _, d := range desks() {
		if further, ok := thenOf(returnPolicy); !ok || len(d.answering(further.id)) == 0 && d.gone == 0 {
			t.Errorf("%s does nothing about %s", d.site, exchange)
		}
	}
}
