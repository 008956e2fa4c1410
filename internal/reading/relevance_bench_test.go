package reading

import "testing"

// A reply of usual length against twenty questions.
func BenchmarkRelevance(b *testing.B) {
	c := NewCollection("en", relevanceReplies...)
	var questions []*Text
	for len(questions) < 20 {
		for _, q := range relevanceQuestions {
			questions = append(questions, c.Question(q))
		}
	}
	questions = questions[:20]
	for b.Loop() {
		r := c.Reply(longReply)
		for _, q := range questions {
			c.Relevance(q, r)
		}
	}
}

var relevanceQuestions = []string{
	"How long does delivery take, and what does it cost?",
	"Until when may I send something back, and who pays the postage?",
	"Can I pay by credit card or by bank transfer?",
	"Do you wrap presents, with a card?",
	"Where do I see the state of my order?",
}

var relevanceReplies = []string{
	"Within the country a parcel takes two to three working days, and shipping is £3.95.",
	"You have 60 days to return it. We pay the postage.",
	"We take all cards, credit or debit, but no transfers.",
	"Gift wrapping is free, and your words go on a card.",
	"You get a mail with a tracking number, and follow the parcel there.",
}

const longReply = `Dear Hanna, thank you for your message. Within the United Kingdom a parcel takes two to three working days; to France, Germany, Ireland,
Italy, the Netherlands and Spain it takes four to six. What is in stock leaves us the same day when you order before 2 pm. Either way delivery costs
£3.95, and it is free from £50. Within the United Kingdom we can also deliver on the next working day, for £6.95. If you would rather have it on a day
that you choose, or at a neighbour's, write that into the field below the address. Kind regards, Marta`
