package find

// Asks reports whether a view holds a field to be filled in.
func (v *View) Asks() bool {
	for _, b := range v.Forms {
		for _, in := range b.Inputs {
			if !b.Hidden && !in.Hidden {
				return true
			}
		}
	}
	return false
}

// Span is what tells the numbers of one document's elements from another's: no
// document has as many.
const Span = 1 << 24

// Add takes in what a frame of the page shows: its numbers grow by base, its
// places by where the frame stands.
func (v *View) Add(inner View, at Inner, base int) {
	move := func(ref int) int {
		if ref == 0 || ref >= Span { // that of a frame within the frame is whole
			return ref
		}
		return ref + base
	}
	area := func(a Area) Area {
		if a == Main || at.Area == Dialog || at.Area == Consent {
			return at.Area
		}
		return a
	}
	forms, items := len(v.Forms), len(v.Items)
	for _, b := range inner.Blocks {
		b.Area, b.Y, b.Opener = area(b.Area), b.Y+at.Y, move(b.Opener)
		v.Blocks = append(v.Blocks, b)
	}
	for _, c := range inner.Controls {
		c.Ref, c.Opener, c.Area, c.X, c.Y = move(c.Ref), move(c.Opener), area(c.Area), c.X+at.X, c.Y+at.Y
		if c.Form >= 0 {
			c.Form += forms
		}
		if c.Item >= 0 {
			c.Item += items
		}
		v.Controls = append(v.Controls, c)
	}
	for _, b := range inner.Forms {
		b.Area = area(b.Area)
		for i := range b.Inputs {
			b.Inputs[i].Ref = move(b.Inputs[i].Ref)
		}
		for i := range b.Buttons {
			b.Buttons[i] = move(b.Buttons[i])
		}
		v.Forms = append(v.Forms, b)
	}
	for _, x := range inner.Items {
		x.Ref, x.Area = move(x.Ref), area(x.Area)
		v.Items = append(v.Items, x)
	}
	if v.Data.Product == "" && len(v.Data.Types) == 0 {
		v.Data = inner.Data
	}
	v.Frames = append(v.Frames, inner.Frames...)
	v.Front = v.Front || inner.Front
	v.Height = max(v.Height, at.Y+inner.Height)
}

// Fills reports whether a frame holds what the page is about: it is as wide as
// a text, and the document round it says little in its main part.
func (v *View) Fills(at Inner) bool {
	said := 0
	for _, b := range v.Blocks {
		if b.Area == Main && !(b.Y >= at.Y && b.Y < at.Y+at.H) {
			said += words(b.Text)
		}
	}
	return at.Area == Main && at.W >= 400 && at.H >= 300 && said < 60
}
