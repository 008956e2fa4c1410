package reports

import (
	"slices"
	"testing"

	"touchstone/internal/evidence"
)

func TestPerson(t *testing.T) {
	m := newMask(Site{ID: "kettle-and-leaf", Name: "Kettle & Leaf"}, nil, false, "Agent")
	for in, want := range map[string][]string{
		"Maya Chen":                       {"Maya", "Chen"},
		"Maya at Kettle & Leaf":           {"Maya"},
		"Maya (Customer Care)":            {"Maya"},
		"Kettle & Leaf Customer Service":  nil,
		"Mail Delivery System":            nil,
		"Kundenservice":                   nil,
		"":                                nil,
		"M. O’Brien":                      {"Brien"},
		"Frau Jörgensen, Kundenbetreuung": {"Jörgensen"},
	} {
		if got := m.person(in); !slices.Equal(got, want) {
			t.Errorf("%q names %q, want %q", in, got, want)
		}
	}
}

func TestSignature(t *testing.T) {
	for in, want := range map[string]string{
		"Yes.\n\nKind regards,\n\nMaya\nKettle & Leaf":                "Maya",
		"Thank you for writing to us about this.\n\nBest wishes, Tom": "Tom",
		"Ja.\n\nMit freundlichen Grüßen\nAnja Weiß":                   "Anja Weiß",
		"No sign of an end here.":                                     "",
		"Thanks\nWe will look into all of this as soon as we can":     "",
		"Regards,": "",
	} {
		if got := signature(in); got != want {
			t.Errorf("%q is signed %q, want %q", in, got, want)
		}
	}
}

func TestMaskIsOneForTheSite(t *testing.T) {
	fact := func(name, step, v string) evidence.Fact {
		return evidence.Fact{Name: name, Step: step, Unit: evidence.Text, Text: v}
	}
	m := newMask(Site{ID: "s", Name: "Shop", Email: "Info@shop.example"}, []evidence.Observation{
		{Facts: []evidence.Fact{fact("mail.from", "reply-1", "Maya Chen <maya.chen@shop.example>"), fact("mail.from", "letter", "Nora Persona <x@probe.example>")}},
		{Facts: []evidence.Fact{fact("mail.text", "reply-1", "Sure.\n\nCheers\nTom")}},
		{Facts: []evidence.Fact{fact("mail.text", "reply-1", "Sure.\n\nBest\nMaya")}},
	}, false, "Agent")
	for in, want := range map[string]string{
		"Maya Chen wrote, then Maya, then Tom.": "Agent A wrote, then Agent A, then Agent B.",
		"Tomorrow in Mayarana":                  "Tomorrow in Mayarana",
		"Dear Nora Persona":                     "Dear Nora Persona",
		"info@shop.example, tom@shop.example":   "info@shop.example, …@shop.example",
		"https://x.example/?m=maya%40y.example": "https://x.example/?m=…%40y.example",
	} {
		if got := m.text(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	if letters(0)+letters(25)+letters(26)+letters(701)+letters(702) != "AZAAZZAAA" {
		t.Error("letters miscounts")
	}
}
