package driver

import (
	"context"

	"github.com/chromedp/cdproto/input"
)

// press presses a point of the window once, by the mouse or, on a telephone,
// by a finger. All of it is said at once and then waited for: the browser
// takes events in the order in which they come.
func (p *Page) press(ctx context.Context, x, y float64) error {
	var said []command
	if p.tab.o.Identity.Mobile {
		said = []command{
			{input.CommandDispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: []*input.TouchPoint{{X: x, Y: y}}}},
			{input.CommandDispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}}},
		}
	} else {
		said = []command{
			{input.CommandDispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: x, Y: y}},
			{input.CommandDispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMousePressed, X: x, Y: y, Button: input.MouseButtonLeft, Buttons: 1, ClickCount: 1}},
			{input.CommandDispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseReleased, X: x, Y: y, Button: input.MouseButtonLeft, ClickCount: 1}},
		}
	}
	return p.s.callAll(ctx, said)
}
