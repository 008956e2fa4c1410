package fieldwork

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// A shopLetters writes the mails of a busy desk, the same for the same number:
// invented words as frequent as those of real text with numbers among them,
// and one of a few blocks that stand below every mail, the long ones as HTML.
//
// S2 packs a short one to 0.72 of its length, and 64 kB of letters in a row to
// 0.43. The mails of the SpamAssassin corpus, as long in the middle, come to 0.65
// and, in a row, to 0.36.
type shopLetters struct {
	plain, html             string
	plainBlocks, htmlBlocks []string
}

// The lengths of letters without their header, in bytes, in the middle, and of
// the block in them; of so many, one is long. They vary from half of that to
// half as much again: a server may tell its files apart by their lengths.
const (
	shortLetter, shortBlock = 3_700, 1_300
	longLetter, longBlock   = 50_000, 12_000
	longEvery               = 20
)

func newShopLetters() shopLetters {
	chance := rand.New(rand.NewPCG(7, 4))
	s := shopLetters{plain: inventText(chance, 1<<20, false), html: inventText(chance, 1<<20, true)}
	for range 6 {
		s.plainBlocks = append(s.plainBlocks, inventText(chance, shortBlock, false))
		s.htmlBlocks = append(s.htmlBlocks, inventText(chance, longBlock, true))
	}
	return s
}

// letter writes a letter, with LF line ends.
func (s shopLetters) letter(i int) []byte {
	chance := rand.New(rand.NewPCG(uint64(i), 4))
	kind, bank, blocks, long := "plain", s.plain, s.plainBlocks, shortLetter-shortBlock
	if i%longEvery == 0 {
		kind, bank, blocks, long = "html", s.html, s.htmlBlocks, longLetter-longBlock
	}
	long = long/2 + chance.IntN(long)
	at := chance.IntN(len(bank) - long)
	return fmt.Appendf(make([]byte, 0, longLetter+1000), "Return-Path: <desk@shop.test>\nReceived: from mail.shop.test (mail.shop.test [192.0.2.7])\n\tby mail.shopper.test (Postfix) with ESMTPS id %08X\n\tfor <shopper+k%07d@shopper.test>; Fri, 20 Nov 2026 10:00:00 +0000\n"+
		"From: Desk <desk@shop.test>\nTo: shopper+k%07d@shopper.test\nSubject: Re: your question %d\nDate: Fri, 20 Nov 2026 10:00:00 +0000\nMessage-ID: <%016x.m%d@shop.test>\n"+
		"In-Reply-To: <q%d@shopper.test>\nMIME-Version: 1.0\nContent-Type: text/%s; charset=utf-8\n\n%s\n%s\n", chance.Uint32(), i, i, i, chance.Uint64(), i, i, kind, bank[at:at+long], blocks[chance.IntN(len(blocks))])
}

// inventText writes n bytes of words, in lines.
func inventText(chance *rand.Rand, n int, html bool) string {
	syllables := strings.Fields("an be con de er for ge ing it ly men ne our pa ra se ter ti un ver we your che lo mi ta")
	words := make([]string, 3000) // the most frequent first, which are short
	for i := range words {
		for range 1 + min(i/40, 1) + chance.IntN(2) {
			words[i] += syllables[chance.IntN(len(syllables))]
		}
	}
	frequent := rand.NewZipf(chance, 1.1, 4, uint64(len(words)-1))
	var b strings.Builder
	for column := 0; b.Len() < n; {
		word := words[frequent.Uint64()]
		switch chance.IntN(24) {
		case 0:
			word = strconv.Itoa(chance.IntN(100_000))
		case 1:
			word += "."
		case 2:
			word += ","
		}
		if html && chance.IntN(9) == 0 {
			word = fmt.Sprintf(`</td><td style="padding:%dpx;font-family:Arial">%s`, chance.IntN(20), word)
		}
		b.WriteString(word)
		if column += len(word) + 1; column > 72 {
			b.WriteByte('\n')
			column = 0
		} else {
			b.WriteByte(' ')
		}
	}
	return b.String()[:n]
}
